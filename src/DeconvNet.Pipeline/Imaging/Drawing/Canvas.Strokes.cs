namespace DeconvNet.Imaging.Drawing;

internal sealed partial class Canvas
{
    /// <summary>A disc with a soft edge.</summary>
    public void DrawDot(double x, double y, double radius, Rgb color, float opacity)
    {
        for (var row = (int)(y - radius - 1); row <= y + radius + 1; row++)
        {
            for (var column = (int)(x - radius - 1); column <= x + radius + 1; column++)
            {
                var distance = Math.Sqrt(Square(column + 0.5 - x) + Square(row + 0.5 - y));
                Blend(column, row, color, opacity * Coverage(radius - distance));
            }
        }
    }

    /// <summary>A line with round ends and soft edges.</summary>
    public void DrawLine(double x0, double y0, double x1, double y1, double thickness, Rgb color, float opacity)
    {
        var lengthSquared = Math.Max(1e-12, Square(x1 - x0) + Square(y1 - y0));
        for (var row = (int)(Math.Min(y0, y1) - thickness - 1); row <= Math.Max(y0, y1) + thickness; row++)
        {
            for (var column = (int)(Math.Min(x0, x1) - thickness - 1); column <= Math.Max(x0, x1) + thickness; column++)
            {
                var (dx, dy) = (column + 0.5 - x0, row + 0.5 - y0);
                var along = Math.Clamp(((dx * (x1 - x0)) + (dy * (y1 - y0))) / lengthSquared, 0, 1);
                var distance = Math.Sqrt(Square(dx - (along * (x1 - x0))) + Square(dy - (along * (y1 - y0))));
                Blend(column, row, color, opacity * Coverage((thickness / 2) - distance));
            }
        }
    }

    private static float Coverage(double inside) => (float)Math.Clamp(inside + 0.5, 0, 1);

    private static double Square(double value) => value * value;
}
