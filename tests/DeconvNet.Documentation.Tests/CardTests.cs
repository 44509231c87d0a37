using System.Globalization;
using DeconvNet.Weights;

namespace DeconvNet.Documentation.Tests;

/// <summary>The pages about the trained weights say what the weights say of themselves.</summary>
public class CardTests
{
    public static TheoryData<string, TrainedWeights> Cards => new()
    {
        { "docs/default-model.md", CompactWeights.DeconvNet },
        { "docs/fcn-model.md", CompactWeights.Fcn8s },
    };

    [Theory]
    [MemberData(nameof(Cards))]
    public void A_card_has_the_id_and_the_accuracy_that_are_stored_with_the_weights(string page, TrainedWeights weights)
    {
        var lines = Documents.Lines(page);

        Assert.Contains(lines, line => line.Contains($"`{weights.Info.Id}`", StringComparison.Ordinal));
        Assert.Equal(["voc2012-trainaug-held-out", "voc2012-val"], weights.Info.Metrics.Keys.Order(StringComparer.Ordinal));
        foreach (var accuracy in weights.Info.Metrics.Values)
        {
            Assert.StartsWith(weights.Info.Id + "; ", accuracy.Method, StringComparison.Ordinal);
            Assert.Contains(lines, line => Cells(line) is [var on, var meanIoU, var pixels]
                && on.Contains($"{accuracy.ImageCount} ", StringComparison.Ordinal) && meanIoU == Percent(accuracy.MeanIoU) && pixels == Percent(accuracy.PixelAccuracy!.Value));
        }
    }

    private static string[] Cells(string line) => [.. line.Replace("*", "", StringComparison.Ordinal).Trim('|').Split('|').Select(cell => cell.Trim())];

    private static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:0.0} %");
}
