using DeconvNet.Imaging;
using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Segmentation;

/// <summary>Where the scores of a crop go: how they are resized is worked out once for all classes.</summary>
internal sealed class PlacedCrop
{
    private readonly int side;
    private readonly PlaneResampling? resampling;

    /// <param name="side">Side of the crop's scores.</param>
    /// <param name="box">What the crop shows, in pixels of the map; it may reach beyond it.</param>
    /// <param name="bounds">The map.</param>
    /// <param name="antialias">Whether shrinking averages over all scores.</param>
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

    /// <summary>The same, counted from the corner of the box.</summary>
    public PlaneWindow Window { get; }

    /// <summary>Resizes one class's scores, <c>side × side</c>, to the visible part, <see cref="Window"/>.</summary>
    public void Resize(ReadOnlySpan<float> scores, Span<float> plane) =>
        resampling!.Run(new BorderedPlane(scores, new PlaneWindow(0, 0, side, side), 0, side), plane, Window);
}
