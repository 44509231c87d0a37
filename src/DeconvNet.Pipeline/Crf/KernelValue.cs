using System.Runtime.CompilerServices;

namespace DeconvNet.Crf;

internal static class KernelValue
{
    private const float SmallestSigma = 0.01f;

    public static void RequireSigma(float sigma, object kernel, [CallerArgumentExpression(nameof(sigma))] string name = "")
        => OptionValue.Require(sigma >= SmallestSigma && float.IsFinite(sigma), kernel, sigma, "a finite standard deviation of at least 0.01", name);
}
