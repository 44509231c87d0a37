namespace DeconvNet.Training.Distillation;

/// <summary>Where the pixels of an example lie in its photo: the center of pixel (x, y) is at (X + x · StepX, Y + y · StepY), counted in pixels from the photo's corner.</summary>
/// <param name="X">Place of the first column.</param>
/// <param name="StepX">Photo pixels between two columns; negative in a mirrored example.</param>
/// <param name="Y">Place of the first row.</param>
/// <param name="StepY">Photo pixels between two rows.</param>
internal readonly record struct PhotoView(double X, double StepX, double Y, double StepY)
{
    /// <summary>The view of the same place whose <paramref name="side"/> columns run the other way.</summary>
    public PhotoView Mirrored(int side) => this with { X = X + ((side - 1) * StepX), StepX = -StepX };
}
