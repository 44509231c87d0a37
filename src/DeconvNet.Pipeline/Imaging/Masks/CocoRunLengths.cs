using System.Text;

namespace DeconvNet.Imaging.Masks;

/// <summary>A mask as COCO's run-length encoding (RLE): pixels column by column, runs alternating between outside and inside, outside first. Immutable.</summary>
public sealed class CocoRunLengths
{
    private const int CharacterBits = 5;

    private CocoRunLengths(ImageSize size, IReadOnlyList<int> counts)
    {
        Size = size;
        Counts = counts;
    }

    /// <summary>Size of the mask.</summary>
    public ImageSize Size { get; }

    /// <summary>Lengths of the runs; the first one, outside, may be 0.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <summary>Number of pixels inside.</summary>
    public long Area => Counts.Where((_, i) => i % 2 == 1).Sum(count => (long)count);

    /// <summary>Encodes a mask.</summary>
    public static CocoRunLengths FromMask(BinaryMask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        var (counts, inside, run) = (new List<int>(), false, 0);
        for (var x = 0; x < mask.Width; x++)
        {
            for (var y = 0; y < mask.Height; y++)
            {
                if (mask[x, y] != inside)
                {
                    counts.Add(run);
                    (inside, run) = (!inside, 0);
                }

                run++;
            }
        }

        counts.Add(run);
        return new CocoRunLengths(mask.Size, counts.AsReadOnly());
    }

    /// <summary>Run lengths as they are listed in a COCO file.</summary>
    /// <param name="size">Size of the mask.</param>
    /// <param name="counts">Lengths of the runs, outside first.</param>
    /// <exception cref="FormatException">A run is negative, or the runs do not add up to the pixels of the mask.</exception>
    public static CocoRunLengths FromCounts(ImageSize size, IEnumerable<long> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var (pixels, total, runs) = ((long)size.Width * size.Height, 0L, new List<int>());
        foreach (var run in counts)
        {
            if (run < 0 || run > pixels - total)
                throw new FormatException($"a run of {run} pixels after {total} does not fit the {pixels} of the mask");
            total += run;
            runs.Add((int)run);
        }

        return total == pixels ? new CocoRunLengths(size, runs.AsReadOnly()) : throw new FormatException($"the runs are {total} pixels; the mask has {pixels}");
    }

    /// <summary>Parses COCO's compressed text; see <see cref="ToCompressedString"/>.</summary>
    /// <param name="size">Size of the mask.</param>
    /// <param name="text">The compressed run lengths.</param>
    /// <exception cref="FormatException">The text is malformed, or its runs do not fit the mask.</exception>
    public static CocoRunLengths Parse(ImageSize size, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var runs = new List<long>();
        for (var i = 0; i < text.Length;)
        {
            var (value, shift, code) = (0L, 0, 32);
            while ((code & 32) != 0)
            {
                code = i < text.Length ? text[i++] - '0' : -1;
                if (code is < 0 or > 63 || shift > 55)
                    throw new FormatException($"the compressed counts are malformed at character {i}");
                value |= (long)(code & 31) << shift;
                shift += CharacterBits;
            }

            if ((code & 16) != 0)
                value |= -1L << shift;
            runs.Add(runs.Count > 2 ? value + runs[^2] : value);
        }

        return FromCounts(size, runs);
    }

    /// <summary>COCO's compressed text: five bits per character, and from the fourth run on the difference to the run two before.</summary>
    public string ToCompressedString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Counts.Count; i++)
        {
            var value = Counts[i] - (i > 2 ? Counts[i - 2] : 0);
            for (var more = true; more;)
            {
                var code = value & 31;
                value >>= CharacterBits;
                more = (code & 16) != 0 ? value != -1 : value != 0;
                text.Append((char)('0' + code + (more ? 32 : 0)));
            }
        }

        return text.ToString();
    }

    /// <summary>Decodes the mask.</summary>
    public BinaryMask ToMask()
    {
        var pixels = new bool[Size.Width * Size.Height];
        var at = 0;
        for (var i = 0; i < Counts.Count; i++)
        {
            for (var end = at + Counts[i]; at < end; at++)
                pixels[((at % Size.Height) * Size.Width) + (at / Size.Height)] = i % 2 == 1;
        }

        return new BinaryMask(Size.Width, Size.Height, pixels);
    }
}
