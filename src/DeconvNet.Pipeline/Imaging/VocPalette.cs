namespace DeconvNet.Imaging;

/// <summary>The 256 colors of PASCAL VOC's masks, computed by the rule of its development kit.</summary>
public static class VocPalette
{
    private static readonly byte[] Bytes = Compute();

    /// <summary>256 colors, three bytes each in the order R, G, B; index = class id.</summary>
    public static ReadOnlySpan<byte> Rgb => Bytes;

    /// <summary>The color of class <paramref name="id"/>.</summary>
    public static (byte R, byte G, byte B) Color(byte id) => (Bytes[3 * id], Bytes[(3 * id) + 1], Bytes[(3 * id) + 2]);

    private static byte[] Compute()
    {
        // Bits 0, 1, 2 of the id are the highest bits of red, green, blue; bits 3, 4, 5 the next ones, and so on.
        var colors = new byte[3 * 256];
        for (var id = 0; id < 256; id++)
        {
            for (var bit = 0; bit < 8; bit++)
                colors[(3 * id) + (bit % 3)] |= (byte)(((id >> bit) & 1) << (7 - (bit / 3)));
        }

        return colors;
    }
}
