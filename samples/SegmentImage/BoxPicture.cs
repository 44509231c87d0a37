using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using SkiaSharp;

namespace SegmentImage;

/// <summary>Draws the first proposals as frames over the dimmed photo: the best in yellow, thicker and on top, then red, the last in violet.</summary>
internal static class BoxPicture
{
    private const int MaxBoxes = 50;

    // A smaller photo is enlarged, so that neighboring frames can be distinguished.
    private const int MinSide = 900;

    // Frames must stand out from any photo, so the photo keeps half of its color and three quarters of its brightness.
    private static readonly float[] Dimmed =
    [
        0.46f, 0.26f, 0.03f, 0, 0,
        0.08f, 0.64f, 0.03f, 0, 0,
        0.08f, 0.26f, 0.41f, 0, 0,
        0, 0, 0, 1, 0,
    ];

    private static readonly SKColor[] Ranks = [new(255, 236, 64), new(255, 166, 38), new(238, 84, 68), new(200, 60, 140), new(150, 80, 215)];

    public static RgbImage Draw(RgbImage photo, IReadOnlyList<UsedProposal> proposals)
    {
        var scale = Math.Max(1, (float)MinSide / Math.Max(photo.Width, photo.Height));
        using var source = photo.ToBitmap();
        using var picture = new SKBitmap(Scaled(photo.Width), Scaled(photo.Height), SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(picture);
        using var dimming = SKColorFilter.CreateColorMatrix(Dimmed);
        using var paint = new SKPaint { ColorFilter = dimming };
        using var image = SKImage.FromBitmap(source);
        canvas.DrawImage(image, SKRect.Create(picture.Width, picture.Height), new SKSamplingOptions(SKCubicResampler.Mitchell), paint);

        // The photo as a whole comes from no generator and has an infinite score.
        var boxes = proposals.Where(proposal => float.IsFinite(proposal.Score)).Take(MaxBoxes).Select(proposal => proposal.Box).ToArray();
        for (var i = boxes.Length - 1; i >= 0; i--)
            DrawFrame(canvas, boxes[i], MathF.Sqrt((float)i / Math.Max(1, boxes.Length - 1)), scale, Math.Max(picture.Width, picture.Height) / (float)MinSide);

        canvas.Flush();
        return RgbImage.FromBitmap(picture);

        int Scaled(int side) => Math.Max(1, (int)Math.Round(side * scale));
    }

    private static void DrawFrame(SKCanvas canvas, PixelBox box, float rank, float scale, float unit)
    {
        var width = unit * (3.4f - (2.4f * rank));
        var frame = new SKRect(box.X0 * scale, box.Y0 * scale, box.X1 * scale, box.Y1 * scale);
        // Inward: a frame along the border of the photo would be cut off.
        frame.Inflate(-width / 2, -width / 2);
        using var paint = new SKPaint { Style = SKPaintStyle.Stroke, IsAntialias = true, StrokeWidth = width + (1.4f * unit), Color = new SKColor(0, 0, 0, (byte)(150 - (110 * rank))) };
        canvas.DrawRect(frame, paint);
        paint.StrokeWidth = width;
        paint.Color = Color(rank).WithAlpha((byte)(255 - (110 * rank)));
        canvas.DrawRect(frame, paint);
    }

    private static SKColor Color(float rank)
    {
        var place = rank * (Ranks.Length - 1);
        var from = Math.Min((int)place, Ranks.Length - 2);
        byte Mix(byte first, byte second) => (byte)Math.Round(first + ((second - first) * (place - from)));
        var (a, b) = (Ranks[from], Ranks[from + 1]);
        return new SKColor(Mix(a.Red, b.Red), Mix(a.Green, b.Green), Mix(a.Blue, b.Blue));
    }
}
