using System.Runtime.InteropServices;
using DeconvNet.Weights;

namespace DeconvNet.Networks;

public abstract partial class SegmentationModel
{
    /// <summary>
    /// What loading the file did, where the model was loaded from one, or what it kept of the model that it was started from: which tensors it took, which stand beside the weights, and which batch norms the file's form leaves
    /// neutral; <see langword="null"/> for a network with fresh weights.
    /// </summary>
    public LoadReport? LoadReport { get; internal set; }

    /// <summary>Makes a model without values and fills it. All shapes are compared before: a file that lies about its network costs no memory.</summary>
    /// <exception cref="InvalidDataException">The tensors are not those of the network.</exception>
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
