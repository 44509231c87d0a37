using DeconvNet.Segmentation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DeconvNet.Applications.Tests.DependencyInjection;

/// <summary>What a probe hears of the segmenter.</summary>
public sealed class HealthCheckTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_segmenter_that_segments_is_healthy_and_is_not_asked_again_for_a_while()
    {
        var segmenter = new CountingSegmenter();
        using var provider = WithCheck(_ => segmenter);
        for (var probe = 0; probe < 3; probe++)
            Assert.Equal(HealthStatus.Healthy, (await CheckAsync(provider)).Status);
        Assert.Equal(1, segmenter.Photos);
        clock.Passed += TimeSpan.FromSeconds(31);
        var entry = await CheckAsync(provider);
        Assert.Equal((2, 2), (segmenter.Photos, entry.Data["classes"]));
    }

    [Fact]
    public async Task A_segmenter_that_cannot_be_made_or_fails_is_unhealthy_until_it_works_again()
    {
        using var unmade = WithCheck(_ => throw new InvalidDataException("the weights are damaged"));
        Assert.Equal((HealthStatus.Unhealthy, "the weights are damaged"), await StatusAsync(unmade));

        var fails = true;
        using var failing = WithCheck(_ => new CountingSegmenter(_ =>
        {
            if (fails)
                throw new InvalidOperationException("out of memory");
        }));
        Assert.Equal((HealthStatus.Unhealthy, "out of memory"), await StatusAsync(failing));
        fails = false;
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(failing)).Status);
    }

    private static async Task<(HealthStatus, string?)> StatusAsync(ServiceProvider provider)
    {
        var entry = await CheckAsync(provider);
        return (entry.Status, entry.Description);
    }

    private static async Task<HealthReportEntry> CheckAsync(ServiceProvider provider) =>
        (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries["deconvnet"];

    private ServiceProvider WithCheck(Func<IServiceProvider, ISegmenter> create)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(clock).AddDeconvNet(create);
        services.AddHealthChecks().AddDeconvNet();
        return services.BuildServiceProvider();
    }
}
