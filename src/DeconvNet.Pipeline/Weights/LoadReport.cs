using System.Collections.ObjectModel;
using System.Text;
using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>A tensor whose shape in the file is not that of the network.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Expected">Its sides in the network.</param>
/// <param name="Found">Its sides in the file.</param>
public sealed record ShapeMismatch(string Name, IReadOnlyList<long> Expected, IReadOnlyList<long> Found);

/// <summary>
/// What loading a weights file into a network did: every tensor of the network is in <see cref="Loaded"/> or <see cref="Kept"/>, every tensor of the file that
/// played no part in <see cref="Unexpected"/> or <see cref="Mismatched"/>. Immutable.
/// </summary>
public sealed record LoadReport
{
    private const int MaxListed = 20;

    /// <summary>Tensors of the network that have the file's values, in the network's order, such as <c>conv1_1.weight</c>.</summary>
    public IReadOnlyList<string> Loaded { get; init => field = Array.AsReadOnly([.. value]); } = ReadOnlyCollection<string>.Empty;

    /// <summary>Tensors of the network that do not have the file's values, in the network's order: those that they had, or, in a model that was made for the file, neutral ones of batch norm.</summary>
    public IReadOnlyList<string> Kept { get; init => field = Array.AsReadOnly([.. value]); } = ReadOnlyCollection<string>.Empty;

    /// <summary>Tensors that the network needs and the file lacks.</summary>
    public IReadOnlyList<string> Missing { get; init => field = Array.AsReadOnly([.. value]); } = ReadOnlyCollection<string>.Empty;

    /// <summary>Tensors of the file that the network has no place for, by their names in the file.</summary>
    public IReadOnlyList<string> Unexpected { get; init => field = Array.AsReadOnly([.. value]); } = ReadOnlyCollection<string>.Empty;

    /// <summary>Tensors whose shapes differ.</summary>
    public IReadOnlyList<ShapeMismatch> Mismatched { get; init => field = Array.AsReadOnly([.. value]); } = ReadOnlyCollection<ShapeMismatch>.Empty;

    /// <summary>The preprocessing that the file's first layer was taken to be made for.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>Whether file and network have exactly the same tensors.</summary>
    public bool IsExact => Missing.Count == 0 && Kept.Count == 0 && Unexpected.Count == 0 && Mismatched.Count == 0;

    /// <summary>What is missing, unexpected and of another shape, in one line; how many tensors were loaded where nothing is.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Append("missing", [.. Missing.Select(StoredName.Show)]);
        Append("unexpected", [.. Unexpected.Select(StoredName.Show)]);
        Append("of another shape", [.. Mismatched.Select(entry => $"{StoredName.Show(entry.Name)} is {WeightShape.Text(entry.Found)}, expected {WeightShape.Text(entry.Expected)}")]);
        return text.Length > 0 ? text.ToString() : $"{Loaded.Count} tensors loaded";

        void Append(string what, IReadOnlyList<string> items)
        {
            if (items.Count == 0)
                return;
            text.Append(text.Length == 0 ? "" : "; ").Append(items.Count).Append(' ').Append(what).Append(": ").AppendJoin(", ", items.Take(MaxListed));
            if (items.Count > MaxListed)
                text.Append(", …");
        }
    }
}
