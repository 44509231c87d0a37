using DeconvNet.Crf;
using DeconvNet.Evaluation;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace EvaluateVoc;

/// <summary>Creates the methods of a comparison by name; results shared by several methods are computed once.</summary>
internal sealed class MethodSet : IDisposable
{
    private readonly Dictionary<string, ISegmenter> segmenters = [];
    private readonly Dictionary<string, string> descriptions = [];
    private readonly Stack<IDisposable> owned = new();

    /// <summary>The engine that runs the networks; one of the values of <c>--engine</c>.</summary>
    public required string Engine { get; init; }

    public required ProposalSegmenterOptions Proposals { get; init; }

    public FcnSegmenterOptions Fcn { get; init; } = FcnSegmenterOptions.Default;

    public required EnsembleOptions Ensemble { get; init; }

    /// <summary>Whether the temperature and region threshold of the weights are ignored.</summary>
    public bool IsPlain { get; init; }

    public required CrfOptions Crf { get; init; }

    /// <summary>A weights file by network; the built-in weights of deconvnet and fcn8s need none.</summary>
    public required IReadOnlyDictionary<string, string> Weights { get; init; }

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
        var parsed = MethodName.Parse(name);
        if (parsed.Crf)
        {
            var segmenter = Segmenter(parsed.BeforeCrf);
            descriptions[name] = $"{descriptions[parsed.BeforeCrf]}; {Crf}";
            return segmenter.WithCrf(Crf);
        }

        if (name == "edeconvnet")
        {
            ISegmenter[] members = [Segmenter("deconvnet"), Segmenter("fcn8s")];
            descriptions[name] = $"{Ensemble} of [{descriptions["deconvnet"]}] and [{descriptions["fcn8s"]}]";
            return new EnsembleSegmenter(members, IsPlain ? Ensemble with { Temperature = 1, MinRegionConfidence = 0 } : Ensemble);
        }

        return parsed.Network == "deconvnet" ? DeconvNet(name, parsed.Proposals ?? Proposals.MaxProposals) : MakeFcn(name);
    }

    private ProposalSegmenter DeconvNet(string name, int? maxProposals)
    {
        var file = Weights.GetValueOrDefault("deconvnet");
        var segmenter = EngineSegmenters.DeconvNet(Engine, file, (IsPlain ? Proposals with { Temperature = 1, MinRegionConfidence = 0 } : Proposals) with { MaxProposals = maxProposals });
        descriptions[name] = $"{EngineSegmenters.Identity(Engine, file, CompactWeights.DeconvNet)}; {segmenter.Options}";
        return segmenter;
    }

    private FcnSegmenter MakeFcn(string name)
    {
        var file = Weights.GetValueOrDefault(name);
        if (file is null && name != "fcn8s")
            throw new ArgumentException($"There are no built-in weights for {name}: give a file with --{name}-weights.");

        var segmenter = EngineSegmenters.Fcn(Engine, file, IsPlain ? Fcn with { Temperature = 1, MinRegionConfidence = 0 } : Fcn);
        descriptions[name] = $"{EngineSegmenters.Identity(Engine, file, CompactWeights.Fcn8s)}; {segmenter.Options}";
        return segmenter;
    }

    private T Own<T>(T made)
        where T : IDisposable
    {
        owned.Push(made);
        return made;
    }
}
