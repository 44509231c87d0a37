using System.Globalization;
using System.IO.Compression;
using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using static DeconvNet.Tests.Weights.WeightsFiles;

namespace DeconvNet.Tests.Weights;

/// <summary>
/// Files with a fixed row of random damage: each is read or refused with <see cref="InvalidDataException"/>, and nothing else happens.
/// The variable DECONVNET_FUZZ_CASES sets the number of cases for each file.
/// </summary>
[Collection(TorchTests.Name)]
public sealed class ReaderFuzzTests
{
    private static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("DECONVNET_FUZZ_CASES"), CultureInfo.InvariantCulture, out var cases) ? cases : 2000;

    public static TheoryData<string> Files => ["layouts.pt", "layouts_protocol5.pt", "layouts_legacy.pt", "types.npz", "fortran.npy", "stored.npz", "x.safetensors", "x.caffemodel", "norm.caffemodel"];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_damaged_file_is_read_or_refused(string name)
    {
        var sound = Sound(name);
        var random = new Random(name.Length);
        var refused = 0;
        for (var i = 0; i < Cases; i++)
        {
            var bytes = DamagedBytes.Of(sound, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            if (Record.Exception(() => ReadWhole(bytes)) is { } error)
            {
                Assert.True(error is InvalidDataException, $"case {i}: {error}");
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64_000_000);
        }

        // Damage to values alone goes unnoticed, other damage does not: both must occur often.
        Assert.InRange(refused, Cases / 20, Cases * 49 / 50);
    }

    [Fact]
    public void A_model_from_a_damaged_checkpoint_is_loaded_or_refused()
    {
        var sound = File.ReadAllBytes(Reference("pytorch", "deconvnet_width1.pt"));
        var random = new Random(1);
        var refused = 0;
        for (var i = 0; i < Cases / 10; i++)
        {
            try
            {
                DeconvNetModel.Load(new MemoryStream(DamagedBytes.Of(sound, random)), "damaged").Dispose();
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, Cases / 100, (Cases / 10) - (Cases / 100));
    }

    private static byte[] Sound(string name) => name switch
    {
        "stored.npz" => ZipBytes.Make(CompressionLevel.NoCompression, ZipBytes.Read(File.ReadAllBytes(Reference("numpy", "types.npz")))),
        "x.safetensors" => SafetensorsBytes.Make("""{"__metadata__":{"a":"b"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[24,28]}}""", 28),
        "x.caffemodel" => VggBytes.Caffemodel([.. LayerTable.Create(new() { Width = 1, FcChannels = 1, InputSize = 32 }).Take(3)]),
        "norm.caffemodel" => CaffeNormBytes.Net(LayerTable.Create(new() { Width = 1, FcChannels = 1, InputSize = 32 }).Take(3), slot => new float[slot.Row.OutChannels]),
        _ => File.ReadAllBytes(Reference(name.StartsWith("layouts", StringComparison.Ordinal) ? "pytorch" : "numpy", name)),
    };
}
