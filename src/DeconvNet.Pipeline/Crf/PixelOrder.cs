namespace DeconvNet.Crf;

/// <summary>
/// Which coordinate comes first in the features of a pixel. The kernel is the same; where the lattice places its vertices is not, and with it
/// the result at about one pixel in 250.
/// </summary>
public enum PixelOrder
{
    /// <summary>Row by row, x first.</summary>
    RowMajor,

    /// <summary>Column by column, y first: what MATLAB's arrays lead to, and so the DeconvNet authors' script.</summary>
    ColumnMajor,
}
