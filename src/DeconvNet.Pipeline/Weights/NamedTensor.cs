using DeconvNet.Architecture;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>A stored tensor with its parsed name.</summary>
internal readonly record struct NamedTensor(StoredTensor Tensor, WeightName Name)
{
    /// <summary>The layout of the values for the network: Keras stores kernels as [k, k, in, out], and deconvolution kernels as [k, k, out, in].</summary>
    public StridedLayout Layout
    {
        get
        {
            var layout = StridedLayout.RowMajor(Tensor.Shape);
            return Name.IsKeras && layout.Shape.Count == 4 ? layout.Permute(3, 2, 0, 1) : layout;
        }
    }

    /// <summary>The shape for a slot of the network. Old caffemodels store a vector as [1, 1, 1, n] (bias) or [1, n, 1, 1] (batch norm).</summary>
    public IReadOnlyList<long> ShapeFor(WeightSlot slot)
    {
        var shape = Layout.Shape;
        return slot.Shape.Count == 1 && shape.Count(side => side != 1) <= 1 ? [Tensor.Count] : shape;
    }

    /// <exception cref="InvalidDataException">The tensor cannot hold weights.</exception>
    public NamedTensor Floating(WeightsFile file) => Tensor switch
    {
        { IsFloating: true } => this,
        { Unreadable: { } reason } => throw new InvalidDataException($"{file.Name}: tensor '{StoredName.Show(Tensor.Name)}' cannot be read: {reason}."),
        _ => throw new InvalidDataException($"{file.Name}: tensor '{StoredName.Show(Tensor.Name)}' has the type {Tensor.TypeName}; expected a floating type."),
    };

    /// <summary>Reads the values in the order of <see cref="Layout"/>.</summary>
    public void Read(WeightsFile file, Span<float> values)
    {
        var layout = Layout;
        if (layout.IsRowMajor)
        {
            file.Read(Tensor, values);
            return;
        }

        var inFile = new float[values.Length];
        file.Read(Tensor, inFile);
        layout.Gather(inFile, values);
    }
}
