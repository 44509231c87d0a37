using DeconvNet.Architecture;
using DeconvNet.Extensions.DependencyInjection;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Segmentation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DeconvNet.Applications.Tests.DependencyInjection;

/// <summary>The segmenter as a service of an application.</summary>
[Collection(TorchTests.Name)]
public sealed class AddDeconvNetTests
{
    private static readonly RgbImage Photo = new(40, 30, new byte[3 * 40 * 30]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void One_segmenter_serves_the_application_and_is_disposed_with_it()
    {
        var provider = new ServiceCollection().AddDeconvNet(new SegmenterServiceOptions { Method = SegmenterMethod.Fcn8s }).BuildServiceProvider();
        var segmenter = provider.GetRequiredService<ISegmenter>();
        Assert.Same(segmenter, provider.GetRequiredService<ISegmenter>());
        Assert.Equal(21, segmenter.ClassNames.Count);
        segmenter.Segment(Photo, cancellationToken: Cancellation);
        provider.Dispose();
        Assert.Throws<ObjectDisposedException>(() => segmenter.Segment(Photo, cancellationToken: Cancellation));
    }

    [Fact]
    public void The_configuration_chooses_method_recipe_and_crf()
    {
        using var provider = Configured(("Method", "Ensemble"), ("Crf", "true"), ("Proposals:MaxProposals", "3"), ("Fcn:WorkingSide", "64"), ("Device", "auto"));
        var result = provider.GetRequiredService<ISegmenter>().Segment(Photo, cancellationToken: Cancellation);
        Assert.True(result.Timings.Crf > TimeSpan.Zero);
        Assert.InRange(result.Proposals.Count, 1, 3);
    }

    [Fact]
    public void Nothing_configured_is_the_default_and_the_static_defaults_stay_as_they_are()
    {
        using (var provider = Configured(("Proposals:BatchSize", "2"), ("Fcn:Mirror", "true")))
            provider.GetRequiredService<ISegmenter>();
        Assert.Equal(new ProposalSegmenterOptions(), ProposalSegmenterOptions.Default);
        Assert.Equal(new FcnSegmenterOptions(), FcnSegmenterOptions.Default);
        using var plain = Configured();
        Assert.NotEmpty(plain.GetRequiredService<ISegmenter>().Segment(Photo, cancellationToken: Cancellation).Proposals);
    }

    [Theory]
    [InlineData("Metod", "Fcn8s", "Metod")]
    [InlineData("Method", "UNet", "UNet")]
    [InlineData("Device", "gpu", "'gpu' is not a device")]
    [InlineData("Proposals:BatchSize", "0", "BatchSize is 0")]
    [InlineData("WeightsFile", "missing.safetensors", "missing.safetensors")]
    public async Task A_mistake_in_the_configuration_ends_the_start_of_the_host(string key, string value, string expected)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new($"DeconvNet:{key}", value)]);
        builder.Services.AddDeconvNet(builder.Configuration.GetSection("DeconvNet"));
        using var host = builder.Build();
        var error = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(Cancellation));
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused_when_they_are_registered()
    {
        var services = new ServiceCollection();
        Assert.Throws<ArgumentOutOfRangeException>(() => services.AddDeconvNet(new SegmenterServiceOptions { Method = (SegmenterMethod)7 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => services.AddDeconvNet(new SegmenterServiceOptions { WeightsFile = "" }));
        Assert.Empty(services);
    }

    [Fact]
    public async Task An_FCN_of_own_classes_is_read_from_its_file()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            using (var model = new FcnModel(new FcnOptions { Width = 8, FcChannels = 16, ClassCount = 2 }, ["background", "coin"]))
                model.Save(file);
            await using var provider = new ServiceCollection().AddDeconvNet(new SegmenterServiceOptions { Method = SegmenterMethod.Fcn8s, WeightsFile = file }).BuildServiceProvider();
            Assert.Equal(["background", "coin"], provider.GetRequiredService<ISegmenter>().ClassNames);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task The_host_warms_up_unless_told_not_to(bool warmUp, int photos)
    {
        var segmenter = new CountingSegmenter();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddDeconvNet(_ => segmenter, warmUp);
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        Assert.Equal(photos, segmenter.Photos);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public void Of_several_registrations_the_first_counts_and_photos_are_logged()
    {
        var log = new TextLog();
        var segmenter = new CountingSegmenter();
        var services = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log));
        services.AddDeconvNet(_ => segmenter).AddDeconvNet(_ => throw new InvalidOperationException("the second"));
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<ISegmenter>().Segment(Photo, cancellationToken: Cancellation);
        Assert.Equal(1, segmenter.Photos);
        Assert.Contains(log.Lines, line => line.StartsWith("DeconvNet: Segmented a photo of 40×30 pixels", StringComparison.Ordinal));
    }

    private static ServiceProvider Configured(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value))).Build();
        return new ServiceCollection().AddDeconvNet(configuration).BuildServiceProvider();
    }

    private sealed class TextLog : ILoggerProvider, ILogger
    {
        private string category = "";

        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName)
        {
            category = categoryName;
            return this;
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{category}: {formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}
