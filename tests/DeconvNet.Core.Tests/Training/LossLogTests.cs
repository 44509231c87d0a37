using DeconvNet.Tests.Support;
using DeconvNet.Training.Logging;

namespace DeconvNet.Tests.Training;

public class LossLogTests
{
    [Fact]
    public void Rows_come_back_as_they_were_written()
    {
        using var folder = new TemporaryFolder();
        var entry = new LossLogEntry { Stage = "stage1", Iteration = 3, Loss = 1.2345678901234567, PixelAccuracy = 0.5, LearningRate = 0.001, ImagesPerSecond = 12.5 };
        using (var log = new LossLogWriter(folder["log.csv"], _ => true))
            log.Add(entry);

        Assert.Equal([entry], LossLog.Read(folder["log.csv"]));
    }

    [Fact]
    public void Reopening_drops_what_lies_behind_the_place_of_resuming()
    {
        using var folder = new TemporaryFolder();
        using (var log = new LossLogWriter(folder["log.csv"], _ => true))
        {
            for (var i = 1; i <= 5; i++)
                log.Add(new LossLogEntry { Stage = "stage1", Iteration = i, Loss = 1, LearningRate = 0.1, ImagesPerSecond = 1 });
        }

        new LossLogWriter(folder["log.csv"], entry => entry.Iteration <= 3).Dispose();

        Assert.Equal([1, 2, 3], LossLog.Read(folder["log.csv"]).Select(entry => entry.Iteration));
    }

    [Fact]
    public void A_line_that_is_not_a_row_is_named()
    {
        using var folder = new TemporaryFolder();
        using (var log = new LossLogWriter(folder["log.csv"], _ => true))
            log.Add(new LossLogEntry { Stage = "stage1", Iteration = 1, Loss = 1, LearningRate = 0.1, ImagesPerSecond = 1 });
        File.AppendAllText(folder["log.csv"], "stage1,zwei,1,0,0,0\n");

        var error = Assert.Throws<InvalidDataException>(() => LossLog.Read(folder["log.csv"]));

        Assert.Contains("log.csv: line 3 is 'stage1,zwei,1,0,0,0'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stage1,2,0.7")]
    [InlineData("stage1,2,0.75,0.50000,0.1,1")]
    [InlineData("\0\0\0\0\0\0")]
    public void A_row_that_was_being_written_when_the_process_died_is_left_out_and_does_not_stop_the_next_run(string unfinished)
    {
        using var folder = new TemporaryFolder();
        using (var log = new LossLogWriter(folder["log.csv"], _ => true))
            log.Add(new LossLogEntry { Stage = "stage1", Iteration = 1, Loss = 1, LearningRate = 0.1, ImagesPerSecond = 1 });
        File.AppendAllText(folder["log.csv"], unfinished);
        Assert.Single(LossLog.Read(folder["log.csv"]));

        using (var log = new LossLogWriter(folder["log.csv"], _ => true))
            log.Add(new LossLogEntry { Stage = "stage1", Iteration = 2, Loss = 0.5, LearningRate = 0.1, ImagesPerSecond = 1 });

        Assert.Equal([1, 0.5], LossLog.Read(folder["log.csv"]).Select(entry => entry.Loss));
        Assert.Single(Directory.GetFiles(folder.Root));
    }
}
