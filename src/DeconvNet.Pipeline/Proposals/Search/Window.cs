namespace DeconvNet.Proposals.Search;

/// <summary>A window of the search: columns X … X + Width and rows Y … Y + Height, both ends included.</summary>
internal readonly record struct Window(int X, int Y, int Width, int Height)
{
    /// <summary>Area with the sides as continuous lengths, as published.</summary>
    public float Area => (float)Width * Height;

    /// <summary>The part inside an image.</summary>
    public Window Clip(int imageWidth, int imageHeight)
    {
        var x0 = Math.Clamp(X, 0, imageWidth - 1);
        var y0 = Math.Clamp(Y, 0, imageHeight - 1);
        return new Window(
            x0, y0, Math.Clamp(X + Width, 0, imageWidth - 1) - x0, Math.Clamp(Y + Height, 0, imageHeight - 1) - y0);
    }
}

/// <summary>A window and what it scored; 0 for a window that was rejected.</summary>
internal readonly record struct ScoredWindow(Window Window, float Score);
