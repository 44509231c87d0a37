using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Segmentation;

public sealed partial class ScoreMap
{
    /// <summary>The same scores at another size, bilinearly; this map itself where the size is its own.</summary>
    internal ScoreMap ResizedTo(int width, int height)
    {
        if ((width, height) == (Width, Height))
            return this;

        var resized = new float[checked(Classes * width * height)];
        Planes.ResizeBilinear(values, Classes, Height, Width, resized, height, width, antialias: false);
        return new ScoreMap(Kind, Classes, width, height, resized);
    }
}
