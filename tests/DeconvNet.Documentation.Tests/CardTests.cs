using System.Globalization;
using DeconvNet.OnnxRuntime;
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

    [Fact]
    public void The_card_of_the_8_bit_weights_has_the_accuracy_that_is_stored_with_them()
    {
        const string Page = "docs/int8-model.md";
        WeightsInfo[] all = [Info(Int8Weights.DeconvNet), Info(Int8Weights.Fcn8s)];
        Assert.All(all, info => Assert.Contains(Documents.Lines(Page), line => line.Contains($"`{info.Id}`", StringComparison.Ordinal)));
        MeasuredAccuracy[] measured = [.. all.Select(info => Assert.Single(info.Metrics, entry => entry.Key == "voc2012-trainaug-held-out").Value)];
        Assert.All(measured, accuracy => Assert.Equal(241, accuracy.ImageCount));

        // Columns: what, DeconvNet in floats, in 8 bits, FCN-8s in floats, in 8 bits.
        foreach (var (row, value) in new (string, Func<MeasuredAccuracy, double>)[] { ("mean IoU %", accuracy => accuracy.MeanIoU), ("pixel accuracy %", accuracy => accuracy.PixelAccuracy!.Value) })
        {
            var cells = Documents.Lines(Page).Select(Cells).First(cells => cells[0] == row);
            Assert.Equal([Number(measured[0], value), Number(measured[1], value)], [cells[2], cells[4]]);
        }

        static WeightsInfo Info(OnnxWeights weights)
        {
            using var model = weights.LoadModel();
            return model.Info;
        }

        static string Number(MeasuredAccuracy accuracy, Func<MeasuredAccuracy, double> value) => string.Create(CultureInfo.InvariantCulture, $"{100 * value(accuracy):0.0}");
    }

    private static string[] Cells(string line) => [.. line.Replace("*", "", StringComparison.Ordinal).Trim('|').Split('|').Select(cell => cell.Trim())];

    private static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:0.0} %");
}
