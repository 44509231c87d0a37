namespace DeconvNet.Weights.Formats;

/// <summary>Identifies files that are mistaken for supported weights files, and says what to do about them.</summary>
internal static class ForeignWeights
{
    private const string SaveFromKeras = "In Python: import numpy; numpy.savez('weights.npz', **{weight.name: weight.numpy() for weight in model.weights})";
    private const string SaveFromTensorFlow =
        "In Python: reader = tensorflow.train.load_checkpoint('…'); numpy.savez('weights.npz', **{name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()})";

    private const string Unpack = "Unpack it first";

    /// <summary>What a file that starts like this is, as a sentence; <see langword="null"/> if unknown.</summary>
    public static string? Describe(ReadOnlySpan<byte> head)
    {
        if (ForeignFile.IsLfsPointer(head))
            return "this is a Git LFS pointer, not the file that it stands for. Run 'git lfs pull' in the repository, or download the file itself.";
        if (IsWebPage(head))
            return "this is a web page, not a weights file: the download gave a page to read, an error or a login. Open the address in a browser and download the file itself.";
        if (head.StartsWith("\u0089HDF\r\n"u8) || head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']))
            return $"this is an HDF5 file, such as Keras' .h5. {SaveFromKeras}";
        if (head.StartsWith("MATLAB 7.3"u8))
            return "this is a MATLAB 7.3 file, which is HDF5 inside. In Python: import h5py, numpy; numpy.savez('weights.npz', **{name: numpy.array(data) for name, data in h5py.File('old.mat').items()})";
        if (head.StartsWith("MATLAB 5.0"u8))
            return "this is a MATLAB file. In Python: import scipy.io, numpy; numpy.savez('weights.npz', **{name: data for name, data in scipy.io.loadmat('old.mat').items() if name[0] != '_'})";
        if (head.Length >= 8 && head[4..].StartsWith("TFL3"u8))
            return "this is a TensorFlow Lite model, whose weights are prepared for its own runtime. Save the weights of the model that it was made from.";
        if (head.StartsWith("model_checkpoint_path:"u8))
            return $"this is the list of a TensorFlow checkpoint, not the checkpoint. {SaveFromTensorFlow}";
        if (head is [0x08, 0x01, 0x12, ..] || IsTensorFlowGraph(head))
            return $"this is a TensorFlow model. {SaveFromTensorFlow}";
        if (head is [0x08, < 32, 0x12 or 0x1A or 0x22 or 0x28 or 0x32 or 0x3A or 0x42, ..])
            return "this is an ONNX model. In Python: import onnx, numpy; numpy.savez('weights.npz', **{data.name: onnx.numpy_helper.to_array(data) for data in onnx.load('old.onnx').graph.initializer})";
        if (IsTorchSharp(head))
            return "this is a file of TorchSharp's Module.save. Load it into the TorchSharp model that wrote it, and save that with torch.save of its tensors, or with DeconvNetModel.Save.";
        return Packing(head) is { } packing ? $"this is {packing}. {Unpack}." : null;
    }

    // XHTML starts like XML.
    private static bool IsWebPage(ReadOnlySpan<byte> head) =>
        ForeignFile.IsHtmlPage(head)
        || (ForeignFile.Text(head) is var text && text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) && text.Contains("html", StringComparison.OrdinalIgnoreCase));

    // The first field of a GraphDef is a node, and the first field of a node is its name; the first field of a caffemodel is a string or a differently structured layer.
    private static bool IsTensorFlowGraph(ReadOnlySpan<byte> head)
    {
        return head.Length > 1 && head[0] == 0x0A && TryReadLength(head[1..], out var length, out var rest)
            && rest.Length > 1 && rest[0] == 0x0A && TryReadLength(rest[1..], out var nameLength, out var name)
            && nameLength < length && nameLength < name.Length && name[(int)nameLength] == 0x12 && IsPrintable(name[..(int)nameLength]);
    }

    // The number of tensors, then each tensor's name as written by BinaryWriter.
    private static bool IsTorchSharp(ReadOnlySpan<byte> head)
    {
        if (!TryReadLength(head, out var count, out var rest) || count is 0 or > 100_000 || !TryReadLength(rest, out var length, out var name) || length is 0 or > 500 || length > name.Length)
            return false;
        var text = name[..(int)length];
        return IsPrintable(text) && (text.EndsWith("weight"u8) || text.EndsWith("bias"u8) || text.EndsWith("running_mean"u8) || text.EndsWith("running_var"u8));
    }

    private static bool IsPrintable(ReadOnlySpan<byte> text) => text.Length > 0 && !text.ContainsAnyExceptInRange((byte)' ', (byte)'~');

    private static bool TryReadLength(ReadOnlySpan<byte> bytes, out uint length, out ReadOnlySpan<byte> rest)
    {
        length = 0;
        rest = [];
        for (var i = 0; i < Math.Min(bytes.Length, 4); i++)
        {
            length |= (uint)(bytes[i] & 127) << (7 * i);
            if (bytes[i] < 128)
            {
                rest = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private static string? Packing(ReadOnlySpan<byte> head) => head switch
    {
        [0x1F, 0x8B, ..] => "a gzip file",
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => "an xz file",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "a Zstandard file",
        [(byte)'B', (byte)'Z', (byte)'h', ..] => "a bzip2 file",
        [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] => "a 7z archive",
        [(byte)'P', (byte)'K', ..] => "an empty or split zip archive",
        _ => null,
    };
}
