using System.Collections.ObjectModel;
using System.Text;
using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>A tensor whose shape in the file differs from that in the network.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Expected">Shape in the network.</param>
/// <param name="Found">Shape in the file.</param>
public sealed record ShapeMismatch(string Name, IReadOnlyList<long> Expected, IReadOnlyList<long> Found);

/// <summary>
/// The result of loading a weights file into a network: every tensor of the network is in <see cref="Loaded"/> or <see cref="Kept"/>, every unused tensor of the file
/// in <see cref="Unexpected"/> or <see cref="Mismatched"/>. Immutable.
/// </summary>
public sealed record LoadReport
{
    private const int MaxListed = 20;

    /// <summary>Tensors of the network that were loaded from the file, in network order, such as <c>conv1_1.weight</c>.</summary>
    public IReadOnlyList<string> Loaded { get; init => field = Array.AsReadOnly([.. value]); } = ReadOnlyCollection<string>.Empty;

    /// <summary>Tensors of the network that were not loaded, in network order: they keep their values or, in a model created for the file, are the identity of a batch norm.</summary>
    public IReadOnlyList<string> Kept { get; init => field = Array.AsReadOnly([.. value]); } = ReadOnlyCollection<string>.Empty;

    /// <summary>Tensors that the network needs but the file lacks.</summary>
    public IReadOnlyList<string> Missing { get; init => field = Array.AsReadOnly([.. value]); } = ReadOnlyCollection<string>.Empty;

    /// <summary>Tensors of the file that the network does not have, by their names in the file.</summary>
    public IReadOnlyList<string> Unexpected { get; init => field = Array.AsReadOnly([.. value]); } = ReadOnlyCollection<string>.Empty;

    /// <summary>Tensors whose shapes differ.</summary>
    public IReadOnlyList<ShapeMismatch> Mismatched { get; init => field = Array.AsReadOnly([.. value]); } = ReadOnlyCollection<ShapeMismatch>.Empty;

    /// <summary>The preprocessing assumed for the first layer of the file.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>Whether file and network have exactly the same tensors.</summary>
    public bool IsExact => Missing.Count == 0 && Kept.Count == 0 && Unexpected.Count == 0 && Mismatched.Count == 0;

    /// <summary>The missing, unexpected and mismatched tensors in one line, or the number of loaded tensors if there are none.</summary>
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
