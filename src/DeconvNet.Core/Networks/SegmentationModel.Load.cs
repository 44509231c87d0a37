using System.Runtime.InteropServices;
using DeconvNet.Weights;

namespace DeconvNet.Networks;

public abstract partial class SegmentationModel
{
    /// <summary>
    /// The report of loading the file, or of starting from another model: which tensors were loaded, which are not weights, and which batch norms are the
    /// identity; <see langword="null"/> for freshly initialized weights.
    /// </summary>
    public LoadReport? LoadReport { get; internal set; }

    /// <summary>Creates a model without values and fills it. All shapes are compared first, so a file with wrong metadata takes no memory.</summary>
    /// <exception cref="InvalidDataException">The tensors do not match the network.</exception>
    private protected static TModel Filled<TModel>(NetworkWeights weights, Func<TModel> makeEmpty)
        where TModel : SegmentationModel
    {
        if (weights.Refusal is { } refusal)
            throw new InvalidDataException(refusal);
        var model = makeEmpty();
        try
        {
            foreach (var slot in weights.Slots)
                weights.Read(slot, MemoryMarshal.Cast<byte, float>(model.TensorOf(slot).bytes));
            model.train(weights.NeedsStatistics);
            model.Info = weights.Info;
            model.LoadReport = weights.Report;
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
