using System.CommandLine;
using DeconvNet.Mpi;
using Train;

var data = new DataOptions("train");
var output = new Option<string>("--out") { Description = "Folder for weights, checkpoint, loss log and plot; an interrupted run there is resumed.", Required = true };
var preset = new Option<string>("--preset") { Description = "Network: a DeconvNet (compact, paper, keras) or an FCN (fcn32s, fcn16s, fcn8s, fcn8s-atonce, fcn8s-compact).", DefaultValueFactory = _ => "compact" };
preset.AcceptOnlyFromAmong(Recipes.Presets);
var recipe = new Option<string>("--recipe") { Description = "Training: compact (Adam), published (SGD), or fine-tune: the built-in weights, with the classes of the data (presets compact and fcn8s-compact).", DefaultValueFactory = _ => "compact" };
recipe.AcceptOnlyFromAmong("compact", "published", "fine-tune");
var inputSize = new Option<int?>("--input-size") { Description = "Side of the crops, a multiple of 32, or of the FCN's canvas. Default: that of the preset or recipe." };
var width = new Option<int?>("--width") { Description = "Channels of the network's first block; the others follow from it. Default: that of the preset." };
var fc = new Option<int?>("--fc") { Description = "Channels of a DeconvNet's fc6 and fc7; must match the weights given by --start-from. Default: that of the preset." };
var encoder = new Option<int?>("--encoder") { Description = "Steps that train the encoder alone to classify objects (compact recipe); 0 skips them." };
var first = new Option<int?>("--first") { Description = "Steps of the first stage; 0 skips it." };
var second = new Option<int?>("--second") { Description = "Steps of the second stage; 0 skips it." };
var head = new Option<int?>("--head") { Description = "Fine-tuning steps with a frozen encoder; 0 for none." };
var images = new Option<int?>("--images") { Description = "Steps on whole images (FCN)." };
var batch = new Option<int?>("--batch") { Description = "Examples per pass of the network. Default: that of the recipe." };
var passes = new Option<int?>("--passes") { Description = "Passes per step (gradient accumulation); with --mpi the ranks share them. Default: that of the recipe." };
var statistics = new Option<int?>("--statistics") { Description = "Batches for the statistics of batch norm at the end; 0 keeps the running averages. Default: that of the recipe." };
var checkpointEvery = new Option<int?>("--checkpoint-every") { Description = "Steps between checkpoints. Default: that of the recipe." };
var rate = new Option<double?>("--rate") { Description = "Highest learning rate of all stages." };
var anyProposals = new Option<double?>("--any-proposals") { Description = "Fraction of the second stage's crops that are proposals of any overlap, most of them background." };
var scaleJitter = new Option<double?>("--scale-jitter") { Description = "Largest random factor of a window's size; 1 for none." };
var noMirror = new Option<bool>("--no-mirror") { Description = "Do not mirror examples." };
var warmUp = new Option<int?>("--warm-up") { Description = "Warm-up steps of the learning rate in each stage. Default: that of the recipe." };
var averageDecay = new Option<double?>("--average-decay") { Description = "Decay of an exponential moving average (EMA) of the weights, which replaces them at the end, such as 0.99. Default: none." };
var startFrom = new Option<string?>("--start-from") { Description = "Weights file of any format, from which tensors of the same names are copied first." };
var vgg = new Option<string?>("--vgg") { Description = "VGG-16 file of Caffe, PyTorch (torchvision) or Keras that the encoder starts from; the network must have its width." };
var teacher = new Option<string[]>("--teacher") { Description = "A teacher in addition to the masks: files of soft targets (.npz), or the weights of a trained network, which first segments every photo. Photos then need no mask.", DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
var softFraction = new Option<double>("--soft-fraction") { Description = "Fraction of a labeled pixel's target that the teacher gives.", DefaultValueFactory = _ => 0.5 };
var imitate = new Option<string[]>("--imitate") { Description = "Layers that imitate the same layers of the teacher's network, such as conv4_3 conv5_3.", DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
var imitationWeight = new Option<double>("--imitation-weight") { Description = "Weight of the loss for imitated layers.", DefaultValueFactory = _ => 0.5 };
var caffe = new Option<bool>("--caffe") { Description = "Compute steps and statistics exactly as the authors' Caffe does." };
var holdOut = new Option<double>("--hold-out") { Description = "Fraction of the images to hold out for model selection.", DefaultValueFactory = _ => 0.04 };
var validateEvery = new Option<int?>("--validate-every") { Description = "Steps between validations on the held-out images; the best network is kept as best.safetensors." };
var patience = new Option<int?>("--patience") { Description = "Ends a stage after this many validations without improvement." };
var seed = new Option<int>("--seed") { Description = "Seed of weights and examples.", DefaultValueFactory = _ => 1 };
var cuda = new Option<bool>("--cuda") { Description = "Train on the GPU." };
var mpi = new Option<bool>("--mpi") { Description = "Train together with the other processes that mpirun or srun started; rank 0 writes." };
var mpiTimeout = new Option<double>("--mpi-timeout") { Description = "Seconds that a rank waits for the others before it aborts the run.", DefaultValueFactory = _ => 1800 };

var command = new RootCommand("Trains on PASCAL VOC, a folder of your own photos or a COCO file: DeconvNet in two stages, on object crops, then on proposal crops; FCN on whole images.")
{
    output, preset, recipe, inputSize, width, fc, encoder, first, second, images, head, batch, rate, warmUp, startFrom, vgg, teacher, softFraction, imitate, imitationWeight, holdOut, validateEvery, patience, seed, caffe, cuda,
    passes, statistics, checkpointEvery, anyProposals, scaleJitter, noMirror, averageDecay, mpi, mpiTimeout,
};
data.AddTo(command);
command.SetAction((arguments, cancellationToken) => CommandLine.WorkAsync(
    () => new TrainingRun
    {
        Data = data.Open(arguments, cancellationToken),
        Output = arguments.GetRequiredValue(output),
        Network = Recipes.Network(
            arguments.GetRequiredValue(preset), arguments.GetRequiredValue(recipe), arguments.GetValue(inputSize), arguments.GetValue(width), arguments.GetValue(fc)),
        Options = Recipes.Training(arguments.GetRequiredValue(preset), arguments.GetRequiredValue(recipe), new RecipeChanges
        {
            Encoder = arguments.GetValue(encoder),
            First = arguments.GetValue(first),
            Second = arguments.GetValue(second),
            Images = arguments.GetValue(images),
            Head = arguments.GetValue(head),
            Rate = arguments.GetValue(rate),
            WarmUp = arguments.GetValue(warmUp),
            BatchSize = arguments.GetValue(batch),
            Passes = arguments.GetValue(passes),
            InputSize = arguments.GetValue(inputSize),
            AnyProposalFraction = arguments.GetValue(anyProposals),
            ScaleJitter = arguments.GetValue(scaleJitter),
            IsNeverMirrored = arguments.GetValue(noMirror),
            CheckpointEvery = arguments.GetValue(checkpointEvery),
            StatisticsBatches = arguments.GetValue(statistics),
            WeightAverageDecay = arguments.GetValue(averageDecay),
        }) with
        {
            Seed = arguments.GetValue(seed),
            Folder = arguments.GetRequiredValue(output),
            CaffeCompatibility = arguments.GetValue(caffe),
        },
        StartFrom = arguments.GetValue(startFrom),
        Vgg = arguments.GetValue(vgg),
        Teacher = new TeacherFiles
        {
            Paths = arguments.GetRequiredValue(teacher),
            Fraction = arguments.GetValue(softFraction),
            ImitatedLayers = arguments.GetRequiredValue(imitate),
            ImitationWeight = arguments.GetValue(imitationWeight),
        },
        HoldOut = arguments.GetValue(holdOut),
        ValidateEvery = arguments.GetValue(validateEvery),
        Patience = arguments.GetValue(patience),
        UseCuda = arguments.GetValue(cuda),
        Mpi = arguments.GetValue(mpi) ? new MpiOptions { Timeout = TimeSpan.FromSeconds(arguments.GetValue(mpiTimeout)) } : null,
        // The weights file may be published, so it must not contain the folders of this machine.
        CommandLine = string.Join(' ', args.Select(arg => Path.IsPathRooted(arg) ? Path.GetFileName(arg) : arg)),
    }.RunAsync(cancellationToken),
    whenStopped: "Stopped; the same command goes on from here."));
return await command.RunAsync(args);
