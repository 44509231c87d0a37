using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

/// <summary>
/// Activations of the layers of a network by layer name: <c>[N, C, H, W]</c> each, after batch norm and ReLU. Owns the tensors. Not thread-safe.
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

    /// <summary>Layer names, in order of computation.</summary>
    public IEnumerable<string> Keys => tensors.Keys;

    /// <summary>Activations, in order of computation.</summary>
    public IEnumerable<Tensor> Values => tensors.Values;

    /// <summary>The activation of a layer; owned by this object.</summary>
    /// <param name="key">Layer name.</param>
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

    // A separate handle, since the output itself belongs to the forward pass.
    internal void Add(string layer, Tensor output) => tensors[layer] = output.alias().DetachFromDisposeScope();
}
