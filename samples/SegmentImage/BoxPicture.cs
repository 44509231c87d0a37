using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using SkiaSharp;

namespace SegmentImage;

/// <summary>The photo with the proposals as frames: the best in yellow, on top and thick; the last in blue.</summary>
internal static class BoxPicture
{
    public static RgbImage Draw(RgbImage photo, IReadOnlyList<UsedProposal> proposals)
    {
        using var bitmap = photo.ToBitmap();
        using var canvas = new SKCanvas(bitmap);
        var unit = Math.Max(photo.Width, photo.Height) / 500f;
        for (var i = proposals.Count - 1; i >= 0; i--)
        {
            var rank = (float)i / proposals.Count;
            using var paint = new SKPaint
            {
                Style = SKPaintStyle.Stroke,
                StrokeWidth = Math.Max(1, unit * (3 - (2 * rank))),
                Color = SKColor.FromHsv(55 + (170 * rank), 100, 100),
                IsAntialias = true,
            };
            var box = proposals[i].Box;
            canvas.DrawRect(box.X0, box.Y0, box.Width, box.Height, paint);
        }

        canvas.Flush();
        return RgbImage.FromBitmap(bitmap);
    }
}
