using System.Buffers.Binary;
using System.Text;

namespace DeconvNet.Tests.Support;

/// <summary>Random damage of three kinds: of bytes, of numbers written as text, of numbers written as bytes.</summary>
internal static class Damage
{
    private static readonly string[] Texts =
        ["0", "-1", "1", "2147483647", "2147483648", "-2147483649", "4294967295", "9223372036854775807", "99999999999999999999", "1e308", "1e999", "NaN", "Infinity", "0.5", "", "\ud800", "\"", "[[[[", "1.0"];

    private static readonly long[] Numbers = [0, 1, -1, 127, 255, 65535, 1 << 24, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue];

    public static byte[] Of(byte[] sound, Random random) => random.Next(4) switch
    {
        0 => OfText(sound, random),
        1 => OfNumber(sound, random),
        _ => DamagedBytes.Of(sound, random),
    };

    private static byte[] OfText(byte[] sound, Random random)
    {
        // The next number after a random position, or that position if there is none.
        var start = random.Next(sound.Length);
        var first = sound.AsSpan(start).IndexOfAnyInRange((byte)'0', (byte)'9');
        var at = first < 0 ? start : start + first;
        var length = Math.Max(0, sound.AsSpan(at).IndexOfAnyExceptInRange((byte)'0', (byte)'9'));
        return [.. sound[..at], .. Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length)]), .. sound[(at + length)..]];
    }

    private static byte[] OfNumber(byte[] sound, Random random)
    {
        Span<byte> number = stackalloc byte[8];
        var value = Numbers[random.Next(Numbers.Length)];
        if (random.Next(2) == 0)
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
        else
            BinaryPrimitives.WriteInt64BigEndian(number, value);
        var bytes = sound.ToArray();
        var at = random.Next(bytes.Length);
        var width = Math.Min(1 << random.Next(4), bytes.Length - at);
        (BitConverter.IsLittleEndian && random.Next(2) == 0 ? number[..width] : number[^width..]).CopyTo(bytes.AsSpan(at));
        return bytes;
    }
}
