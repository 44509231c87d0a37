using System.Security.Cryptography;
using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Ranking;

/// <summary>A photo to train a ranker on.</summary>
/// <param name="Image">The photo.</param>
/// <param name="Objects">The boxes of all objects in it.</param>
public sealed record RankingExample(RgbImage Image, IReadOnlyList<PixelBox> Objects);

/// <summary>
/// Predicts how well a candidate box fits some object, of whatever class: boosted regression trees on its shape and position, its edges, its colors
/// against those around it, and a coarse picture of the edges inside. Immutable and thread-safe.
/// </summary>
public sealed class ProposalRanker
{
    private const string Resource = "DeconvNet.Proposals.Ranking.ranker.bin";

    private const int Chunk = 128;

    // Keeps every score above 0, so that suppression can still order the worst.
    private const float MinScore = 1e-4f;

    private static readonly Lazy<ProposalRanker> BuiltIn = new(static () =>
    {
        using var stream = typeof(ProposalRanker).Assembly.GetManifestResourceStream(Resource)!;
        return new ProposalRanker(BoostedTreesFile.Read(stream, Resource));
    });

    private readonly BoostedTrees trees;

    internal ProposalRanker(BoostedTrees trees) => this.trees = trees;

    /// <summary>The built-in ranker, trained on images of VOC 2012 (train, and members of SBD outside of val).</summary>
    public static ProposalRanker Default => BuiltIn.Value;

    /// <summary>A hash of the trees, which tells one ranker from another.</summary>
    public override string ToString()
    {
        using var stream = new MemoryStream();
        BoostedTreesFile.Write(trees, stream);
        return $"ranker {Convert.ToHexString(SHA256.HashData(stream.ToArray()))[..16]}";
    }

    /// <summary>Number of trees.</summary>
    public int TreeCount => trees.Trees.Count;

    /// <summary>Reads a ranker that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no ranker, is cut off, or belongs to another version of the features.</exception>
    public static ProposalRanker Load(string path)
    {
        using var stream = InputFile.Open(path, "a proposal ranker");
        return new ProposalRanker(BoostedTreesFile.Read(stream, path));
    }

    /// <summary>Trains a ranker. Equal examples in equal order give equal rankers, bit for bit.</summary>
    /// <param name="examples">Photos with the boxes of all objects in them; read once.</param>
    /// <param name="options">Parameters; the defaults if null.</param>
    /// <param name="progress">Receives each finished image and tree.</param>
    /// <param name="cancellationToken">Ends the training with an <see cref="OperationCanceledException"/>.</param>
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

    /// <summary>Writes the ranker; an existing file is replaced as a whole or not at all.</summary>
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
            trees.Predict(candidates.Features.AsSpan(from * BoxFeatures.Count, part.Length * BoxFeatures.Count), part);
            foreach (ref var score in part)
                score = Math.Clamp(score, MinScore, 1);
        });
        return scores;
    }
}
