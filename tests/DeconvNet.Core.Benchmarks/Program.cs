using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using DeconvNet.Benchmarks;
using TorchSharp;

// Some benchmarks start this program again as a worker.
if (HeapWorker.TryServe() || MemoryBenchmark.TryMeasure() || RanksWorker.TryTrain())
    return 0;

var benchmarks = new Dictionary<string, Action<TimeSpan>>(StringComparer.Ordinal)
{
    ["unpool"] = UnpoolBenchmark.Run,
    ["forward"] = ForwardBenchmark.Run,
    ["engines"] = EngineBenchmark.Run,
    ["pipeline"] = PipelineBenchmark.Run,
    ["proposals"] = ProposalsBenchmark.Run,
    ["crf"] = CrfBenchmark.Run,
    ["png"] = PngBenchmark.Run,
    ["load"] = LoadBenchmark.Run,
    ["onednn"] = OneDnnBenchmark.Run,
    ["heap"] = HeapBenchmark.Run,
    ["memory"] = MemoryBenchmark.Run,
    ["ranks"] = RanksBenchmark.Run,
};

var names = new Argument<string[]>("name") { Description = "Which to run; all if none is named.", Arity = ArgumentArity.ZeroOrMore };
names.AcceptOnlyFromAmong([.. benchmarks.Keys]);
var seconds = new Option<double>("--seconds") { Description = "How long each comparison measures, after a warm-up of a third of that.", DefaultValueFactory = _ => 3 };
seconds.Validators.Add(result =>
{
    if (result.GetValueOrDefault<double>() is not (> 0 and <= 3600))
        result.AddError("--seconds must be above 0 and at most 3600.");
});

var command = new RootCommand("Times parts of the library against a peer in the same run.") { names, seconds };
command.SetAction(arguments =>
{
    CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    Console.WriteLine(
        $"{Environment.ProcessorCount} processors{(Avx512F.IsSupported ? " with AVX-512" : "")}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, "
            + $"libtorch on {torch.get_num_threads()} threads, GOMP_SPINCOUNT={Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") ?? "unset"}");
    var chosen = arguments.GetValue(names) is { Length: > 0 } some ? some : [.. benchmarks.Keys];
    foreach (var name in chosen)
        benchmarks[name](TimeSpan.FromSeconds(arguments.GetValue(seconds)));
});
return await command.Parse(args).InvokeAsync();
