using System.CommandLine;
using ConvertWeights;

var source = new Argument<string?>("in") { Description = "A weights file in any form that DeconvNetModel.Load reads.", Arity = ArgumentArity.ZeroOrOne };
var target = new Argument<string?>("out") { Description = "The file to write; its extension, .safetensors or .caffemodel, chooses the format.", Arity = ArgumentArity.ZeroOrOne };
var inspect = new Option<string?>("--inspect") { Description = "Print what is inside this file instead; nothing is written." };
var half = new Option<bool>("--half") { Description = "Store the kernels of a .safetensors file with 16 bits." };
var unfolded = new Option<bool>("--unfolded") { Description = "A .caffemodel is a training snapshot, whose batch norm is not folded." };

var command = new RootCommand("Converts weights from one format to another, or shows what a file holds.") { source, target, inspect, half, unfolded };
command.Validators.Add(arguments =>
{
    if ((arguments.GetValue(inspect) is null) == (arguments.GetValue(target) is null) || (arguments.GetValue(inspect) is not null && arguments.GetValue(source) is not null))
        arguments.AddError("Give two files, the one to read and the one to write, or --inspect and one file.");
});
command.SetAction((arguments, _) => CommandLine.WorkAsync(
    () =>
    {
        if (arguments.GetValue(inspect) is { } file)
            Inspection.Print(file);
        else
        {
            new ConvertCommand
            {
                Source = arguments.GetValue(source)!,
                Target = arguments.GetValue(target)!,
                Half = arguments.GetValue(half),
                Unfolded = arguments.GetValue(unfolded),
            }.Run();
        }

        return Task.CompletedTask;
    },
    whenStopped: "Stopped; nothing was written."));
return await command.RunAsync(args);
