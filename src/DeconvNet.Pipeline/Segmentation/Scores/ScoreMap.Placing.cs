using DeconvNet.Imaging;

namespace DeconvNet.Segmentation.Scores;

public sealed partial class ScoreMap
{
    // Limits the size of the map, which covers the whole photo however small the part is.
    private const int LongestSide = 1024;

    // Its softmax over 21 classes is 1 − 4e-8.
    private const float CertainLogit = 20;

    /// <summary>Extends the scores of a part of a photo to the whole photo, with a longest side of at most 1024 pixels and no more detail than this map; the rest is certainly background.</summary>
    /// <param name="box">The part, which lies inside the photo.</param>
    /// <param name="photo">Size of the photo.</param>
    internal ScoreMap PlacedIn(PixelBox box, ImageSize photo)
    {
        var size = photo.ShrinkTo(Math.Max(LongestSide, Math.Max(Width, Height)));
        var place = box.Scale(photo, size).Intersect(new PixelBox(0, 0, size.Width, size.Height));
        var part = ResizedTo(place.Width, place.Height);
        var whole = new float[checked(ClassCount * size.Width * size.Height)];
        whole.AsSpan(0, size.Width * size.Height).Fill(Kind == ScoreKind.Logits ? CertainLogit : 1);
        for (var plane = 0; plane < ClassCount; plane++)
            PixelRows.Copy(part.Plane(plane), place.Width, whole.AsSpan((((plane * size.Height) + place.Y0) * size.Width) + place.X0), size.Width, place.Width, place.Height);

        return new ScoreMap(Kind, ClassCount, size.Width, size.Height, whole);
    }
}
