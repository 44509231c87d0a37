using DeconvNet.Training.Logging;

namespace DeconvNet.Tests.Training;

public class LossCurveTests
{
    [Fact]
    public void A_falling_loss_is_drawn_from_upper_left_to_lower_right()
    {
        var picture = LossCurve.Draw([.. Enumerable.Range(0, 400).Select(i => new LossLogEntry { Stage = i < 200 ? "stage1" : "stage2", Iteration = i, Loss = 3 - (i / 150.0) })]);

        Assert.Equal((1000, 500), (picture.Width, picture.Height));
        Assert.True(HighestCurvePixel(100) < HighestCurvePixel(400));
        Assert.True(HighestCurvePixel(400) < HighestCurvePixel(900));

        int HighestCurvePixel(int x)
        {
            for (var y = 60; y < picture.Height; y++)
            {
                var at = 3 * ((y * picture.Width) + x);
                var pixel = picture.Pixels.Slice(at, 3);
                if (Math.Abs(pixel[0] - pixel[2]) > 60)
                    return y;
            }

            return -1;
        }
    }

    [Fact]
    public void One_step_is_enough_and_zero_steps_are_refused()
    {
        Assert.Equal(200, LossCurve.Draw([new LossLogEntry { Stage = "stage1", Iteration = 1, Loss = 2 }], 200, 150).Width);
        Assert.Throws<ArgumentException>(() => LossCurve.Draw([]));
    }
}
