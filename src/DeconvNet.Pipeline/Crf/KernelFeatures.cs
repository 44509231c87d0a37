using DeconvNet.Imaging;

namespace DeconvNet.Crf;

/// <summary>The features of each pixel for a kernel, <c>[dimension, pixels]</c>, in units of the standard deviations.</summary>
internal static class KernelFeatures
{
    public static float[] Of(GaussianKernel kernel, PixelLayout layout)
    {
        var features = new float[2 * layout.Pixels];
        layout.Place(kernel.SigmaX, kernel.SigmaY, features);
        return features;
    }

    public static float[] Of(BilateralKernel kernel, PixelLayout layout, RgbImage image)
    {
        var pixels = layout.Pixels;
        var features = new float[5 * pixels];
        layout.Place(kernel.SigmaX, kernel.SigmaY, features);
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                var at = 3 * ((y * image.Width) + x);
                var pixel = layout[x, y];
                features[(2 * pixels) + pixel] = image.Pixels[at] / kernel.SigmaRed;
                features[(3 * pixels) + pixel] = image.Pixels[at + 1] / kernel.SigmaGreen;
                features[(4 * pixels) + pixel] = image.Pixels[at + 2] / kernel.SigmaBlue;
            }
        }

        return features;
    }
}
