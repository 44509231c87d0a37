using System.Collections;
using System.Runtime.CompilerServices;

namespace DeconvNet.Architecture;

/// <summary>Output channels of a network's layers, in order of computation. Immutable, with value equality.</summary>
[CollectionBuilder(typeof(LayerChannels), nameof(Create))]
public sealed class LayerChannels : IReadOnlyList<int>, IEquatable<LayerChannels>
{
    private readonly ValueList<int> channels;

    private LayerChannels(ReadOnlySpan<int> channels) => this.channels = new(channels.ToArray());

    /// <summary>Number of layers.</summary>
    public int Count => channels.Count;

    /// <summary>Output channels of a layer.</summary>
    /// <param name="layer">Index of the layer, from 0.</param>
    public int this[int layer] => channels[layer];

    /// <summary>Copies the numbers; called by collection expressions such as <c>[3, 3, 5, …]</c>.</summary>
    public static LayerChannels Create(ReadOnlySpan<int> channels) => new(channels);

    /// <inheritdoc/>
    public bool Equals(LayerChannels? other) => channels.Equals(other?.channels);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LayerChannels);

    /// <inheritdoc/>
    public override int GetHashCode() => channels.GetHashCode();

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => channels.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The numbers, separated by commas.</summary>
    public override string ToString() => channels.ToString();
}
