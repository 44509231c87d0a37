namespace DeconvNet.Imaging.Drawing;

/// <summary>Where a picture names the classes that it shows.</summary>
public enum LegendPlacement
{
    /// <summary>On a strip below the photo, where it covers nothing. The picture is higher than the photo.</summary>
    Below,

    /// <summary>On a plate in the corner of the photo where it covers the least of the classes; below where the photo is too small for it.</summary>
    Inside,

    /// <summary>Nowhere. The picture has the size of the photo.</summary>
    None,
}
