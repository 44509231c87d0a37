using System.Runtime.InteropServices;
using DeconvNet.Weights;

namespace DeconvNet.Networks;

public sealed partial class DeconvNetModel
{
    /// <summary>What the file that the model was loaded from says of its origin.</summary>
    public WeightsInfo Info { get; private set; } = WeightsInfo.None;

    /// <summary>
    /// Loads a model from a <c>.safetensors</c> file of ours or from the authors' <c>.caffemodel</c>; the format is recognised by content.
    /// The network's shape, class names and preprocessing come from the file.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="batchNorm">For a caffemodel: whether it is an inference model or a training snapshot, which the file does not tell.</param>
    /// <returns>The model on the CPU, in evaluation mode (in training mode for <see cref="CaffeBatchNorm.Unfolded"/>); the caller's to dispose.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, in another format or for another network; the message lists tensors
    /// that are missing, unexpected or of another shape.</exception>
    public static DeconvNetModel Load(string path, CaffeBatchNorm batchNorm = CaffeBatchNorm.Folded)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = File.OpenRead(path);
        return Load(file, path, batchNorm);
    }

    /// <summary>Loads a model from a stream, for instance an embedded resource, from its position to its end.</summary>
    /// <param name="stream">The stream; it stays open. One that cannot seek is first copied to a temporary file.</param>
    /// <param name="name">How errors call it.</param>
    /// <param name="batchNorm">As for a path.</param>
    /// <returns>As for a path.</returns>
    /// <exception cref="InvalidDataException">As for a path.</exception>
    public static DeconvNetModel Load(Stream stream, string name, CaffeBatchNorm batchNorm = CaffeBatchNorm.Folded)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!Enum.IsDefined(batchNorm))
            throw new ArgumentOutOfRangeException(nameof(batchNorm), batchNorm, "Expected is Folded or Unfolded.");

        var seekable = SeekableStream.From(stream);
        try
        {
            using var source = Open(seekable, name, batchNorm);
            return Load(source, name);
        }
        finally
        {
            if (!ReferenceEquals(seekable, stream))
                seekable.Dispose();
        }
    }

    private static IWeightSource Open(Stream stream, string name, CaffeBatchNorm batchNorm) => WeightsFormats.Recognise(stream, name) switch
    {
        WeightsFormat.Safetensors => new SafetensorsSource(SafetensorsFile.Open(stream, name, leaveOpen: true), name),
        _ => new CaffemodelSource(CaffemodelFile.Open(stream, name, leaveOpen: true), name, batchNorm),
    };

    private static DeconvNetModel Load(IWeightSource source, string name)
    {
        // All shapes are compared before the model is made: a file that lies about its network costs no memory.
        var slots = WeightSlot.Of(LayerTable.Create(source.Options));
        var report = WeightsReport.Compare(slots, source.Shapes);
        if (!report.IsClean)
            throw new InvalidDataException($"{name}: the tensors are not those of the network that the file is for ({source.Options}): {report}.");
        if (slots.FirstOrDefault(slot => WeightShape.Count(slot.Shape) > int.MaxValue / sizeof(float)) is { } large)
            throw new InvalidDataException($"{name}: tensor '{large.Name}' takes more than 2 GB.");

        var model = new DeconvNetModel(source.Options, source.ClassNames) { Info = source.Info };
        try
        {
            foreach (var slot in slots)
                source.Read(slot.Name, MemoryMarshal.Cast<byte, float>(slot.In(model).bytes));
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
