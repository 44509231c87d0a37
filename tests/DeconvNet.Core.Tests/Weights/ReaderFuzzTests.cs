using System.IO.Compression;
using static DeconvNet.Tests.Weights.WeightsFiles;

namespace DeconvNet.Tests.Weights;

/// <summary>Files with a fixed row of random damage: each is read or refused with <see cref="InvalidDataException"/>, and nothing else happens.</summary>
public sealed class ReaderFuzzTests
{
    private const int Cases = 2000;

    public static TheoryData<string> Files => ["layouts.pt", "layouts_protocol5.pt", "layouts_legacy.pt", "types.npz", "fortran.npy", "stored.npz"];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_damaged_file_is_read_or_refused(string name)
    {
        var sound = name == "stored.npz"
            ? ZipBytes.Make(CompressionLevel.NoCompression, ZipBytes.Read(File.ReadAllBytes(Reference("numpy", "types.npz"))))
            : File.ReadAllBytes(Reference(name.StartsWith("layouts", StringComparison.Ordinal) ? "pytorch" : "numpy", name));
        var random = new Random(name.Length);
        var refused = 0;
        for (var i = 0; i < Cases; i++)
        {
            var bytes = Damage(sound, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            if (Record.Exception(() => ReadWhole(bytes)) is { } error)
            {
                Assert.True(error is InvalidDataException, $"case {i}: {error}");
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64_000_000);
        }

        Assert.InRange(refused, 1, Cases - 1);
    }

    /// <summary>Flips bits, overwrites bytes with telling values, moves, repeats or drops a piece, or cuts the end.</summary>
    private static byte[] Damage(byte[] sound, Random random)
    {
        var bytes = sound.ToArray();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Length);
            var length = Math.Min(random.Next(1, 17), bytes.Length - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.AsSpan(at, length).Fill((byte)(random.Next(2) * 255));
                    break;
                case 2:
                    bytes[at] = (byte)"\0.()]}tuqhrjRbcQXK\u007f"[random.Next(19)];
                    break;
                case 3:
                    bytes.AsSpan(random.Next(bytes.Length - length), length).CopyTo(bytes.AsSpan(at));
                    break;
                case 4:
                    bytes = [.. bytes[..at], .. bytes.AsSpan(at, length), .. bytes[at..]];
                    break;
                default:
                    bytes = random.Next(4) == 0 ? bytes[..Math.Max(1, at)] : [.. bytes[..at], .. bytes[(at + length - 1)..]];
                    break;
            }
        }

        return bytes;
    }
}
