using DeconvNet.Architecture;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>A stored tensor and what its name says.</summary>
internal readonly record struct NamedTensor(StoredTensor Tensor, WeightName Name)
{
    /// <summary>Where the values lie for the network: Keras has kernels as [k, k, in, out], those of deconvolutions as [k, k, out, in].</summary>
    public StridedLayout Layout
    {
        get
        {
            var layout = StridedLayout.RowMajor(Tensor.Shape);
            return Name.IsKeras && layout.Shape.Count == 4 ? layout.Permute(3, 2, 0, 1) : layout;
        }
    }

    /// <summary>The shape for a place in the network. Old caffemodels write a vector as [1, 1, 1, n] (bias) or [1, n, 1, 1] (batch norm).</summary>
    public IReadOnlyList<long> ShapeFor(WeightSlot slot)
    {
        var shape = Layout.Shape;
        return slot.Shape.Count == 1 && shape.Count(side => side != 1) <= 1 ? [Tensor.Count] : shape;
    }

    /// <exception cref="InvalidDataException">The tensor does not hold weights.</exception>
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
