using System.Globalization;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DeconvNet.Extensions.DependencyInjection;

/// <summary>Healthy if the segmenter can be created and segments a gray picture of 32×32 pixels.</summary>
internal sealed class SegmenterHealthCheck(IServiceProvider services, TimeProvider clock) : IHealthCheck
{
    // Probes arrive every few seconds, and the network may be busy with photos.
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(30);

    private static readonly RgbImage Gray = new(32, 32, [.. Enumerable.Repeat((byte)128, 3 * 32 * 32)]);

    private volatile Success? last;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var found = last;
        if (found is not null && clock.GetElapsedTime(found.At) < Validity)
            return found.Result;

        try
        {
            var segmenter = await Task.Run(services.GetRequiredService<ISegmenter>, cancellationToken).ConfigureAwait(false);
            var result = await segmenter.SegmentAsync(Gray, cancellationToken: cancellationToken).ConfigureAwait(false);
            var milliseconds = result.Timings.Total.TotalMilliseconds;
            var healthy = HealthCheckResult.Healthy(
                string.Create(CultureInfo.InvariantCulture, $"A picture of 32×32 pixels took {milliseconds:0} ms."),
                new Dictionary<string, object> { ["milliseconds"] = milliseconds, ["classes"] = segmenter.ClassNames.Count });
            last = new Success(clock.GetTimestamp(), healthy);
            return healthy;
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            last = null;
            return new HealthCheckResult(context.Registration.FailureStatus, error.Message, error);
        }
    }

    private sealed record Success(long At, HealthCheckResult Result);
}
