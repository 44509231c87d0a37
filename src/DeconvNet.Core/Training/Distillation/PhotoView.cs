namespace DeconvNet.Training.Distillation;

/// <summary>Maps the pixels of an example to its photo: the center of pixel (x, y) is at (X + x · StepX, Y + y · StepY), in pixels from the photo's corner.</summary>
/// <param name="X">Position of the first column.</param>
/// <param name="StepX">Photo pixels per column; negative in a mirrored example.</param>
/// <param name="Y">Position of the first row.</param>
/// <param name="StepY">Photo pixels per row.</param>
internal readonly record struct PhotoView(double X, double StepX, double Y, double StepY)
{
    /// <summary>The mirrored view, for examples with <paramref name="side"/> columns.</summary>
    public PhotoView Mirrored(int side) => this with { X = X + ((side - 1) * StepX), StepX = -StepX };
}
