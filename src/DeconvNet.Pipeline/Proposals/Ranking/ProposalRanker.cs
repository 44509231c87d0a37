using System.Security.Cryptography;
using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Ranking;

/// <summary>A training example for a ranker.</summary>
/// <param name="Image">The photo.</param>
/// <param name="Objects">The bounding boxes of all objects in it.</param>
public sealed record RankingExample(RgbImage Image, IReadOnlyList<PixelBox> Objects);

/// <summary>
/// Predicts how well a candidate box fits an object of any class: boosted regression trees on its shape and position, its edges, its color
/// contrast, and a coarse map of the edges inside. Immutable and thread-safe.
/// </summary>
public sealed class ProposalRanker
{
    private const string Resource = "DeconvNet.Proposals.Ranking.ranker.bin";

    private const int Chunk = 128;

    // Keeps every score above 0, so that suppression can still rank the worst.
    private const float MinScore = 1e-4f;

    private static readonly Lazy<ProposalRanker> BuiltIn = new(static () =>
    {
        using var stream = typeof(ProposalRanker).Assembly.GetManifestResourceStream(Resource)!;
        return new ProposalRanker(BoostedTreesFile.Read(stream, Resource));
    });

    private readonly BoostedTrees trees;

    internal ProposalRanker(BoostedTrees trees) => this.trees = trees;

    /// <summary>The built-in ranker, trained on VOC 2012 (train, and images of SBD that are not in val).</summary>
    public static ProposalRanker Default => BuiltIn.Value;

    /// <summary>A hash of the trees, which identifies the ranker.</summary>
    public override string ToString()
    {
        using var stream = new MemoryStream();
        BoostedTreesFile.Write(trees, stream);
        return $"ranker {Convert.ToHexString(SHA256.HashData(stream.ToArray()))[..16]}";
    }

    /// <summary>Reads a ranker written by <see cref="Save"/>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is not a ranker, is truncated, or belongs to a different version of the features.</exception>
    public static ProposalRanker Load(string path)
    {
        using var stream = InputFile.Open(path, "a proposal ranker");
        return new ProposalRanker(BoostedTreesFile.Read(stream, path));
    }

    /// <summary>Trains a ranker. The same examples in the same order give bit-identical rankers.</summary>
    /// <param name="examples">The training examples; enumerated once.</param>
    /// <param name="options">Parameters; the defaults if null.</param>
    /// <param name="progress">Reports each finished image and tree.</param>
    /// <param name="cancellationToken">Cancels the training with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the examples give no candidates.</exception>
    public static ProposalRanker Train(
        IEnumerable<RankingExample> examples,
        RankerTrainingOptions? options = null,
        IProgress<RankerTrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var chosen = options ?? new RankerTrainingOptions();
        chosen.Validate();
        var rows = RankingRows.Collect(examples, chosen, progress, cancellationToken);
        return new ProposalRanker(new TreeBoosting(rows, chosen, progress, cancellationToken).Run());
    }

    /// <summary>Writes the ranker; an existing file is replaced atomically.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream => BoostedTreesFile.Write(trees, stream));

    internal float[] Score(RankingCandidates candidates, ParallelOptions limits)
    {
        var scores = new float[candidates.Windows.Length];
        Parallel.For(0, (scores.Length + Chunk - 1) / Chunk, limits, chunk =>
        {
            var from = chunk * Chunk;
            var part = scores.AsSpan(from, Math.Min(Chunk, scores.Length - from));
            trees.Predict(candidates.Features.Slice(from * BoxFeatures.Count, part.Length * BoxFeatures.Count), part);
            foreach (ref var score in part)
                score = Math.Clamp(score, MinScore, 1);
        });
        return scores;
    }
}
