using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

/// <summary>
/// Outputs of the layers of a network for one input, by layer name: <c>[N, C, H, W]</c> each, after batch norm and ReLU. Disposing it disposes all tensors. Not thread-safe.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "Activations is the field's word.")]
public sealed class Activations : IReadOnlyDictionary<string, Tensor>, IDisposable
{
    private readonly Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);

    internal Activations()
    {
    }

    /// <summary>Number of layers.</summary>
    public int Count => tensors.Count;

    /// <summary>Names of the layers, in order of computation.</summary>
    public IEnumerable<string> Keys => tensors.Keys;

    /// <summary>Their outputs, in order of computation.</summary>
    public IEnumerable<Tensor> Values => tensors.Values;

    /// <summary>The output of a layer; it is disposed with this object.</summary>
    /// <param name="key">The layer's name.</param>
    /// <exception cref="KeyNotFoundException">The layer was not observed.</exception>
    public Tensor this[string key] => tensors[key];

    /// <inheritdoc/>
    public bool ContainsKey(string key) => tensors.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value) => tensors.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => tensors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Disposes all tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in tensors.Values)
            tensor.Dispose();
    }

    // A handle of its own: the layer's output lives on with the network's pass.
    internal void Add(string layer, Tensor output) => tensors[layer] = output.alias().DetachFromDisposeScope();
}
