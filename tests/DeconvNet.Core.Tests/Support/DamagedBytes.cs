namespace DeconvNet.Tests.Support;

/// <summary>Random damage to a sound file, for readers that must read or refuse it.</summary>
internal static class DamagedBytes
{
    /// <summary>Flips bits, overwrites bytes with telling values, moves, repeats or drops a piece, or cuts the end.</summary>
    public static byte[] Of(byte[] sound, Random random)
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
