using DeconvNet.Crf;
using DeconvNet.Imaging;
using DeconvNet.Tests.Segmentation;

namespace DeconvNet.Tests.Crf;

internal static class CrfScenes
{
    public static UnaryEnergies Random(int labels, int width, int height, int seed)
    {
        var random = new Random(seed);
        return new UnaryEnergies(labels, width, height, [.. Enumerable.Range(0, labels * width * height).Select(_ => 3 * random.NextSingle())]);
    }

    /// <summary>Smooth colors with some noise, so that pixels share vertices.</summary>
    public static RgbImage Photo(int width, int height, int seed)
    {
        var noise = Photos.Noise(width, height, seed).Pixels.ToArray();
        for (var i = 0; i < noise.Length; i++)
            noise[i] = (byte)((noise[i] / 16) + ((i / 3 % width) > width / 2 ? 180 : 40));
        return new RgbImage(width, height, noise);
    }

    public static float[] Infer(CrfOptions options, RgbImage photo, UnaryEnergies unaries)
        => new DenseCrf(options).Infer(photo, unaries, cancellationToken: TestContext.Current.CancellationToken).Values.ToArray();
}
