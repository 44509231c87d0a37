using System.Globalization;
using System.IO.Compression;
using System.Text;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Training.Distillation;

public sealed partial class SoftTargets
{
    private const int SaveEvery = 200;

    // NumPy format 1.0: magic number and version, then the length of a header that ends at a multiple of 64 bytes.
    private const int PrefixLength = 10;
    private const int Alignment = 64;

    // The earliest timestamp of a zip archive, so that the same targets give the same bytes.
    private static readonly DateTimeOffset Written = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Reads NumPy archives (<c>.npz</c>) with a byte array per photo, named by its id, of shape <c>[8, ⌈(h−1)/8⌉+1, ⌈(w−1)/8⌉+1]</c>: the ids of the four
    /// most probable classes, most probable first and 255 for none, then their probabilities times 255. Node (r, c) is the center of pixel (8r, 8c).
    /// </summary>
    /// <param name="paths">One or more files; a photo must not occur in two of them.</param>
    /// <exception cref="ArgumentException">There are no files.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is damaged or contains no soft targets, or a photo occurs twice.</exception>
    public static SoftTargets Load(params IReadOnlyCollection<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0)
            throw new ArgumentException("No file of soft targets is given.", nameof(paths));
        var targets = new SortedDictionary<string, SoftTarget>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            using var file = WeightsFile.Open(path);
            foreach (var array in file.Tensors)
            {
                if (!targets.TryAdd(array.Name, Read(file, array)))
                    throw new InvalidDataException($"{path}: the photo '{array.Name}' has soft targets already, from another file.");
            }
        }

        return new SoftTargets(targets);
    }

    /// <summary>Writes a file for <see cref="Load"/>; an existing one is replaced atomically.</summary>
    /// <param name="path">The file, usually <c>.npz</c>.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => Write(path, targets);

    private static SoftTarget Read(WeightsFile file, StoredTensor array)
    {
        if (array.Type != WeightType.U8 || array.Shape.Count != 3 || array.Shape[0] != 2 * SoftTarget.Kept || array.Count == 0)
            throw new InvalidDataException($"{file.Name}: the array '{array.Name}' is {array.TypeName} [{string.Join(", ", array.Shape)}]; soft targets are bytes of shape [8, rows, columns].");
        var values = new float[array.Count];
        file.Read(array, values);
        try
        {
            return new SoftTarget((int)array.Shape[1], (int)array.Shape[2], Array.ConvertAll(values, value => (byte)value));
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{file.Name}: the array '{array.Name}' holds no soft targets: {error.Message}.", error);
        }
    }

    private static void Write(string path, SortedDictionary<string, SoftTarget> targets) => AtomicFile.Write(path, stream =>
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (id, target) in targets)
        {
            var entry = zip.CreateEntry(id + ".npy");
            entry.LastWriteTime = Written;
            using var array = entry.Open();
            var header = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '|u1', 'fortran_order': False, 'shape': ({2 * SoftTarget.Kept}, {target.Rows}, {target.Columns}), }}");
            var length = ((PrefixLength + header.Length + 1 + Alignment - 1) / Alignment * Alignment) - PrefixLength;
            array.Write(NpyHeader.Magic);
            array.Write([1, 0, (byte)length, (byte)(length >> 8)]);
            array.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
            array.Write(target.Planes);
        }
    });
}
