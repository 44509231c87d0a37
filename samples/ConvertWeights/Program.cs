using System.CommandLine;
using ConvertWeights;

var source = new Argument<string?>("in") { Description = "A weights file in any form that DeconvNetModel.Load reads.", Arity = ArgumentArity.ZeroOrOne };
var target = new Argument<string?>("out") { Description = "The file to write; its extension, .safetensors, .caffemodel or .onnx, determines the format.", Arity = ArgumentArity.ZeroOrOne };
var inspect = new Option<string?>("--inspect") { Description = "Print the contents of this file and write nothing." };
var half = new Option<bool>("--half") { Description = "Store the kernels of a .safetensors file with 16 bits." };
var unfolded = new Option<bool>("--unfolded") { Description = "The .caffemodel is a training snapshot with unfolded batch norm." };
var id = new Option<string?>("--id") { Description = "Unique id of the weights. Default: that of the file." };
var name = new Option<string?>("--name") { Description = "Name of the weights. Default: the one in the file." };
var notes = new Option<string?>("--notes") { Description = "Notes for users. Default: those of the file." };
var metrics = MetricOption.Create("Measured accuracy to add");

var command = new RootCommand("Converts weights between formats, or shows the contents of a file.") { source, target, inspect, half, unfolded, id, name, notes, metrics };
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
                Id = arguments.GetValue(id),
                Name = arguments.GetValue(name),
                Notes = arguments.GetValue(notes),
                Metrics = MetricOption.Read(arguments.GetRequiredValue(metrics)),
            }.Run();
        }

        return Task.CompletedTask;
    },
    whenStopped: "Stopped; nothing was written."));
return await command.RunAsync(args);
