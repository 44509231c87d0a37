using System.Text;
using DeconvNet.Architecture;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>How the tensors of a file differ from those of a network.</summary>
internal sealed record WeightsReport(
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected,
    IReadOnlyList<(string Name, IReadOnlyList<long> Expected, IReadOnlyList<long> Found)> Mismatched)
{
    private const int MaxListed = 20;

    public bool IsClean => Missing.Count == 0 && Unexpected.Count == 0 && Mismatched.Count == 0;

    public static WeightsReport Compare(IReadOnlyList<WeightSlot> expected, IReadOnlyDictionary<string, IReadOnlyList<long>> found)
    {
        var names = expected.Select(slot => slot.Name).ToHashSet(StringComparer.Ordinal);
        return new WeightsReport(
            [.. names.Where(name => !found.ContainsKey(name))],
            [.. found.Keys.Where(name => !names.Contains(name))],
            [.. expected
                .Where(slot => found.TryGetValue(slot.Name, out var shape) && !shape.SequenceEqual(slot.Shape))
                .Select(slot => (slot.Name, slot.Shape, found[slot.Name]))]);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Append("missing", [.. Missing.Select(StoredName.Show)]);
        Append("unexpected", [.. Unexpected.Select(StoredName.Show)]);
        Append("of another shape", [.. Mismatched.Select(entry => $"{StoredName.Show(entry.Name)} is {WeightShape.Text(entry.Found)}, expected {WeightShape.Text(entry.Expected)}")]);
        return text.ToString();

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
