using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Networks;

public abstract partial class SegmentationModel
{
    /// <summary>Loads a model from a stream in any format.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="name">How errors call it.</param>
    /// <param name="preprocessing">What the caller says of the pixels; <see langword="null"/> if nothing.</param>
    /// <param name="infer">Tells the network of a file that is not ours.</param>
    /// <param name="makeEmpty">Makes the model without values.</param>
    private protected static TModel Load<TModel, TOptions>(
        Stream stream, string name, Preprocessing? preprocessing, Func<WeightsFile, IWeightSource<TOptions>> infer, Func<IWeightSource<TOptions>, TModel> makeEmpty)
        where TModel : SegmentationModel
        where TOptions : class, INetworkOptions, new()
    {
        var seekable = SeekableStream.From(stream);
        try
        {
            using var file = WeightsFile.Open(seekable, name, leaveOpen: true);
            if (!WeightsMetadata.IsIn(file))
                return Fill(infer(file), name, makeEmpty);
            var source = new SafetensorsSource<TOptions>(file, name);
            return preprocessing is null || preprocessing == source.Options.Preprocessing
                ? Fill(source, name, makeEmpty)
                : throw new ArgumentException($"{name} says that its preprocessing is {source.Options.Preprocessing}; {preprocessing} was given.", nameof(preprocessing));
        }
        finally
        {
            if (!ReferenceEquals(seekable, stream))
                seekable.Dispose();
        }
    }

    private static TModel Fill<TModel, TOptions>(IWeightSource<TOptions> source, string name, Func<IWeightSource<TOptions>, TModel> makeEmpty)
        where TModel : SegmentationModel
        where TOptions : class, INetworkOptions
    {
        // All shapes are compared before the model is made: a file that lies about its network costs no memory.
        var slots = WeightSlot.Of(source.Options.MakeRows());
        var report = WeightsReport.Compare(slots, source.Shapes);
        if (!report.IsClean)
            throw new InvalidDataException($"{name}: the tensors are not those of the network that the file is for ({source.Options}): {report}.");
        if (slots.FirstOrDefault(slot => WeightShape.Count(slot.Shape) > int.MaxValue / sizeof(float)) is { } large)
            throw new InvalidDataException($"{name}: tensor '{large.Name}' takes more than 2 GB.");

        var model = makeEmpty(source);
        try
        {
            foreach (var slot in slots)
                source.Read(slot.Name, MemoryMarshal.Cast<byte, float>(model.TensorOf(slot).bytes));
            model.train(source.NeedsStatistics);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
