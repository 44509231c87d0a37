using System.Globalization;

namespace DeconvNet.Crf;

/// <summary>
/// Cost of a pixel having one label while a similar pixel has another. Negative costs on the diagonal favor agreement.
/// Immutable and thread-safe.
/// </summary>
public sealed class LabelCompatibility : IEquatable<LabelCompatibility>
{
    private static readonly float[,] Empty = new float[0, 0];

    private readonly float weight;
    private readonly float[]? diagonal;
    private readonly float[,]? matrix;

    private LabelCompatibility(float weight, float[]? diagonal, float[,]? matrix)
    {
        this.weight = weight;
        this.diagonal = diagonal;
        this.matrix = matrix;
    }

    /// <summary>Number of labels; <see langword="null"/> if it applies to any number.</summary>
    public int? LabelCount => diagonal?.Length ?? matrix?.GetLength(0);

    internal bool IsDiagonal => matrix is null;

    /// <summary>The same reward for agreement on every label: cost −<paramref name="weight"/> on the diagonal, 0 elsewhere.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not finite.</exception>
    public static LabelCompatibility Potts(float weight)
    {
        if (!float.IsFinite(weight))
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "A Potts weight must be finite.");
        return new LabelCompatibility(weight, null, null);
    }

    /// <summary>A cost of agreement for each label, 0 for different labels. Potts with weight w has −w for every label.</summary>
    /// <exception cref="ArgumentException">There is no cost, or one is not finite.</exception>
    public static LabelCompatibility Diagonal(params ReadOnlySpan<float> costs)
    {
        if (costs.IsEmpty)
            throw new ArgumentException("A diagonal compatibility needs a cost for each label; there is none.", nameof(costs));
        foreach (var cost in costs)
            RequireFinite(cost, nameof(costs));
        return new LabelCompatibility(0, costs.ToArray(), null);
    }

    /// <summary>A cost for each pair of labels, symmetrized to ½(A + Aᵀ) as in the authors' CRF code.</summary>
    /// <exception cref="ArgumentException">The matrix is not square, empty, or a cost is not finite.</exception>
    public static LabelCompatibility Matrix(float[,] costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        var labels = costs.GetLength(0);
        if (labels == 0 || costs.GetLength(1) != labels)
            throw new ArgumentException($"A compatibility matrix has a row and a column for each label; this one is {labels}×{costs.GetLength(1)}.", nameof(costs));

        var symmetric = new float[labels, labels];
        for (var row = 0; row < labels; row++)
        {
            for (var column = 0; column < labels; column++)
            {
                RequireFinite(costs[row, column], nameof(costs));
                symmetric[row, column] = 0.5f * (costs[row, column] + costs[column, row]);
            }
        }

        return new LabelCompatibility(0, null, symmetric);
    }

    /// <summary>Whether <paramref name="other"/> has the same costs in the same form.</summary>
    public bool Equals(LabelCompatibility? other) =>
        other is not null && weight.Equals(other.weight) && LabelCount == other.LabelCount && IsDiagonal == other.IsDiagonal
        && diagonal.AsSpan().SequenceEqual(other.diagonal) && (matrix ?? Empty).Cast<float>().SequenceEqual((other.matrix ?? Empty).Cast<float>());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelCompatibility);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(weight);
        foreach (var cost in diagonal ?? [])
            hash.Add(cost);
        foreach (var cost in matrix ?? Empty)
            hash.Add(cost);
        return hash.ToHashCode();
    }

    /// <summary>The form and its costs, independent of the culture: "Potts(10)".</summary>
    public override string ToString() =>
        matrix is not null ? $"Matrix({Text(matrix.Cast<float>())})"
        : diagonal is not null ? $"Diagonal({Text(diagonal)})"
        : FormattableString.Invariant($"Potts({weight})");

    internal float Cost(int label, int other)
        => matrix is not null ? matrix[label, other]
        : label != other ? 0
        : diagonal is not null ? diagonal[label]
        : -weight;

    private static string Text(IEnumerable<float> costs) => string.Join(", ", costs.Select(cost => cost.ToString(CultureInfo.InvariantCulture)));

    private static void RequireFinite(float cost, string name)
    {
        if (!float.IsFinite(cost))
            throw new ArgumentException(FormattableString.Invariant($"Costs of labels must be finite; one is {cost}."), name);
    }
}
