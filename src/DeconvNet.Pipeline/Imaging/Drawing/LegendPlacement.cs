namespace DeconvNet.Imaging.Drawing;

/// <summary>Placement of the legend.</summary>
public enum LegendPlacement
{
    /// <summary>On a strip below the photo, which makes the picture taller than the photo.</summary>
    Below,

    /// <summary>On a plate in the corner of the photo where it covers the fewest class pixels; below the photo if it is too small.</summary>
    Inside,

    /// <summary>No legend. The picture has the size of the photo.</summary>
    None,
}
