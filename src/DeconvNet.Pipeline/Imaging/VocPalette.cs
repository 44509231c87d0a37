namespace DeconvNet.Imaging;

/// <summary>The palette of PASCAL VOC's masks: 256 colors, computed as in its development kit.</summary>
public static class VocPalette
{
    private static readonly byte[] Computed = Compute();

    /// <summary>256 colors, three bytes each in the order R, G, B; the index is the class id.</summary>
    public static ReadOnlySpan<byte> Bytes => Computed;

    /// <summary>The palette color of a class.</summary>
    /// <param name="id">The class id, 0 for background.</param>
    public static Rgb Color(byte id) => new(Computed[3 * id], Computed[(3 * id) + 1], Computed[(3 * id) + 2]);

    private static byte[] Compute()
    {
        // Bits 0, 1, 2 of the id become the highest bits of red, green and blue, bits 3, 4, 5 the next ones, and so on.
        var colors = new byte[3 * 256];
        for (var id = 0; id < 256; id++)
        {
            for (var bit = 0; bit < 8; bit++)
                colors[(3 * id) + (bit % 3)] |= (byte)(((id >> bit) & 1) << (7 - (bit / 3)));
        }

        return colors;
    }
}
