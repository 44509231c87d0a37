using DeconvNet.Segmentation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DeconvNet.Extensions.DependencyInjection;

/// <summary>Creates the segmenter and runs it once while the host starts.</summary>
internal sealed partial class SegmenterWarmUp(IServiceProvider services, Func<IServiceProvider, bool> isWanted, ILogger logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!isWanted(services))
            return;
        var time = await Task.Run(() => services.GetRequiredService<ISegmenter>().WarmUp(cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
        LogWarm((long)time.TotalMilliseconds);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(2, LogLevel.Information, "The segmenter is ready; its first picture took {Milliseconds} ms")]
    private partial void LogWarm(long milliseconds);
}
