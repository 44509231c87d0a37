namespace DeconvNet.Proposals.Search;

/// <summary>A search window: columns X … X + Width and rows Y … Y + Height, inclusive.</summary>
internal readonly record struct Window(int X, int Y, int Width, int Height)
{
    /// <summary>Area, with sides as continuous lengths, as published.</summary>
    public float Area => (float)Width * Height;

    /// <summary>The window clipped to an image.</summary>
    public Window Clip(int imageWidth, int imageHeight)
    {
        var x0 = Math.Clamp(X, 0, imageWidth - 1);
        var y0 = Math.Clamp(Y, 0, imageHeight - 1);
        return new Window(
            x0, y0, Math.Clamp(X + Width, 0, imageWidth - 1) - x0, Math.Clamp(Y + Height, 0, imageHeight - 1) - y0);
    }
}

/// <summary>A window with its score; 0 for a rejected window.</summary>
internal readonly record struct ScoredWindow(Window Window, float Score);
