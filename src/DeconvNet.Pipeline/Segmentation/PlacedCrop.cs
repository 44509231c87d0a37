using DeconvNet.Imaging;
using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Segmentation;

/// <summary>The position of a crop's scores in the map; the resampling is computed once for all classes.</summary>
internal sealed class PlacedCrop
{
    private readonly int side;
    private readonly PlaneResampling? resampling;

    /// <param name="side">Side length of the crop's scores.</param>
    /// <param name="box">Area of the crop in pixels of the map; it may extend beyond the map.</param>
    /// <param name="bounds">The map.</param>
    /// <param name="antialias">Whether downsampling is antialiased.</param>
    public PlacedCrop(int side, PixelBox box, PixelBox bounds, bool antialias)
    {
        this.side = side;
        Visible = box.Intersect(bounds);
        if (Visible.IsEmpty)
            return;

        Window = new PlaneWindow(Visible.X0 - box.X0, Visible.Y0 - box.Y0, Visible.Width, Visible.Height);
        resampling = new PlaneResampling(side, side, box.Height, box.Width, antialias);
    }

    /// <summary>The part of the box inside the map; empty if there is none.</summary>
    public PixelBox Visible { get; }

    /// <summary>The visible part, relative to the corner of the box.</summary>
    public PlaneWindow Window { get; }

    /// <summary>Length of the working memory of <see cref="Rows"/>.</summary>
    public int ScratchLength => ResampledRows.ScratchLength(resampling!, side, Window);

    /// <summary>The rows of the visible part of one class's scores, <c>side × side</c>.</summary>
    public ResampledRows Rows(ReadOnlySpan<float> scores, Span<float> scratch) =>
        new(resampling!, new BorderedPlane(scores, side, new PlaneWindow(0, 0, side, side), 0, side), Window, scratch);
}
