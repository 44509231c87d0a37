namespace DeconvNet.OnnxRuntime.Tests;

/// <summary>Files with random damage: each is refused when it is loaded or when it runs, or it runs; nothing else, and above all no end of the process.</summary>
internal static class DamagedModels
{
    // Nodes and strings stand before the values, in which most damage changes a number and nothing else.
    private const int Structure = 12_000;

    /// <returns>How many were refused.</returns>
    public static int Run(byte[] sound, int cases)
    {
        var refused = 0;
        for (var i = 0; i < cases; i++)
        {
            var random = new Random(i);
            var damaged = random.Next(4) == 0 ? Damage.Of(sound, random) : [.. Damage.Of(sound[..Structure], random), .. sound[Structure..]];
            try
            {
                using var model = OnnxModel.Load(new MemoryStream(damaged), "damaged.onnx");
                Score(model);
            }
            catch (InvalidDataException error)
            {
                Assert.StartsWith("damaged.onnx", error.Message, StringComparison.Ordinal);
                refused++;
            }
            catch (InvalidOperationException error)
            {
                Assert.StartsWith("damaged.onnx failed on input of shape", error.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        return refused;
    }

    private static void Score(OnnxModel model)
    {
        using var scorer = new OnnxScorer(model);
        var side = scorer.InputSize ?? 32;
        scorer.Score(new float[3 * side * side], 1, side, side, new float[scorer.ClassNames.Count * side * side], TestContext.Current.CancellationToken);
    }
}
