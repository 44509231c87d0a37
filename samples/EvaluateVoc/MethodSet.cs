using DeconvNet.Crf;
using DeconvNet.Evaluation;
using DeconvNet.Networks;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace EvaluateVoc;

/// <summary>Makes the methods of a comparison by name; networks and results that several of them need are made once.</summary>
internal sealed class MethodSet : IDisposable
{
    private const string CrfSuffix = "+crf";

    private static readonly string[] Networks = ["deconvnet", "fcn32s", "fcn16s", "fcn8s", "edeconvnet"];

    private readonly Dictionary<string, ISegmenter> segmenters = [];
    private readonly Dictionary<string, string> descriptions = [];
    private readonly Stack<IDisposable> owned = new();

    /// <summary>The names that are known, with and without CRF.</summary>
    public static IEnumerable<string> Names => Networks.SelectMany(name => (string[])[name, name + CrfSuffix]);

    public required ProposalSegmenterOptions Proposals { get; init; }

    /// <summary>Longer side at which an FCN sees a photo; null leaves it to the weights.</summary>
    public int? FcnSide { get; init; }

    public required EnsembleOptions Ensemble { get; init; }

    public required CrfOptions Crf { get; init; }

    /// <summary>A weights file by network; the built-in weights of deconvnet and fcn8s need none.</summary>
    public required IReadOnlyDictionary<string, string> Weights { get; init; }

    /// <exception cref="ArgumentException">A name is not known.</exception>
    public static IReadOnlyList<string> Parse(string names)
    {
        var chosen = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (chosen.Except(Names).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"'{unknown}' is no method: expected {string.Join(", ", Names)}.");
        return chosen;
    }

    public EvaluationMethod Get(string name)
    {
        var segmenter = Segmenter(name);
        return new EvaluationMethod(name, segmenter) { Description = descriptions[name] };
    }

    public void Dispose()
    {
        while (owned.TryPop(out var last))
            last.Dispose();
    }

    private ISegmenter Segmenter(string name)
    {
        if (!segmenters.TryGetValue(name, out var segmenter))
            segmenters[name] = segmenter = Own(new SharedSegmenter(Own(Make(name))));
        return segmenter;
    }

    private ISegmenter Make(string name)
    {
        if (name.EndsWith(CrfSuffix, StringComparison.Ordinal))
        {
            var before = name[..^CrfSuffix.Length];
            var segmenter = Segmenter(before);
            descriptions[name] = $"{descriptions[before]}; {Crf}";
            return segmenter.WithCrf(Crf);
        }

        if (name == "edeconvnet")
        {
            ISegmenter[] members = [Segmenter("deconvnet"), Segmenter("fcn8s")];
            descriptions[name] = $"{Ensemble} of [{descriptions["deconvnet"]}] and [{descriptions["fcn8s"]}]";
            return new EnsembleSegmenter(members, Ensemble);
        }

        return name == "deconvnet" ? DeconvNet() : Fcn(name);
    }

    private ProposalSegmenter DeconvNet()
    {
        var file = Weights.GetValueOrDefault("deconvnet");
        descriptions["deconvnet"] = $"{Identity(file, CompactWeights.Describe)}; {Proposals}";
        var model = Own(file is null ? CompactWeights.Load() : DeconvNetModel.Load(file));
        return new ProposalSegmenter(model, Proposals);
    }

    private FcnSegmenter Fcn(string name)
    {
        var file = Weights.GetValueOrDefault(name);
        if (file is null && name != "fcn8s")
            throw new ArgumentException($"There are no built-in weights for {name}: give a file with --{name}-weights.");

        var recipe = file is null ? FcnSegmenterOptions.Compact : FcnSegmenterOptions.Default;
        recipe = recipe with { WorkingSide = FcnSide ?? recipe.WorkingSide };
        descriptions[name] = $"{Identity(file, CompactWeights.DescribeFcn)}; {recipe}";
        var model = Own(file is null ? CompactWeights.LoadFcn() : FcnModel.Load(file));
        return new FcnSegmenter(model, recipe);
    }

    private static string Identity(string? file, Func<WeightsContents> builtIn) =>
        file is null ? builtIn().Info.Id ?? "built-in weights" : $"sha256 {WeightsContents.ComputeSha256(file)}";

    private T Own<T>(T made)
        where T : IDisposable
    {
        owned.Push(made);
        return made;
    }
}
