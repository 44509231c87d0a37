using DeconvNet.Extensions.DependencyInjection;
using DeconvNet.Segmentation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers DeconvNet with dependency injection.</summary>
public static class DeconvNetServices
{
    // The log category, by which users filter.
    private const string LogCategory = "DeconvNet";

    /// <summary>
    /// Registers a singleton <see cref="ISegmenter"/>: DeconvNet with the default weights on the CPU. It is created on first use or when the host
    /// starts (<see cref="SegmenterServiceOptions.WarmUp"/>), logs under the category <c>DeconvNet</c>, and is disposed with the application. If called several times, the first call counts.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <returns>The service collection.</returns>
    public static IServiceCollection AddDeconvNet(this IServiceCollection services) => services.AddDeconvNet(new SegmenterServiceOptions());

    /// <summary>Registers a singleton <see cref="ISegmenter"/> with options for method, weights file, device and recipe.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="options">The options of the segmenter.</param>
    /// <returns>The service collection.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static IServiceCollection AddDeconvNet(this IServiceCollection services, SegmenterServiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return AddMade(services, _ => options);
    }

    /// <summary>Registers a singleton <see cref="ISegmenter"/> with options from the configuration, which is read when the segmenter is created.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="section">
    /// The configuration section with the properties of <see cref="SegmenterServiceOptions"/>, such as <c>configuration.GetSection("DeconvNet")</c>. Unknown names
    /// and invalid values cause an exception when the segmenter is created.
    /// </param>
    /// <returns>The service collection.</returns>
    public static IServiceCollection AddDeconvNet(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        return AddMade(services, _ => section.Get<SegmenterServiceOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new SegmenterServiceOptions());
    }

    /// <summary>Registers a singleton <see cref="ISegmenter"/> that the application creates, for instance on ONNX Runtime, with custom weights, or as an ensemble.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="create">Creates the segmenter; called once.</param>
    /// <param name="warmUp">Whether the host creates it and runs it once before accepting requests.</param>
    /// <returns>The service collection.</returns>
    public static IServiceCollection AddDeconvNet(this IServiceCollection services, Func<IServiceProvider, ISegmenter> create, bool warmUp = true)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(create);
        return Add(services, (provider, logger) => create(provider), _ => warmUp);
    }

    /// <summary>Registers a health check: healthy if the segmenter can be created and segments a small picture. Success is cached for 30 seconds.</summary>
    /// <param name="builder">The result of <c>services.AddHealthChecks()</c>.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">The status if the check fails; <see cref="HealthStatus.Unhealthy"/> if omitted.</param>
    /// <param name="tags">Tags for filtering health checks.</param>
    public static IHealthChecksBuilder AddDeconvNet(this IHealthChecksBuilder builder, string name = "deconvnet", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(provider => new SegmenterHealthCheck(provider, provider.GetService<TimeProvider>() ?? TimeProvider.System));
        return builder.Add(new HealthCheckRegistration(name, provider => provider.GetRequiredService<SegmenterHealthCheck>(), failureStatus, tags));
    }

    private static IServiceCollection AddMade(IServiceCollection services, Func<IServiceProvider, SegmenterServiceOptions> options) =>
        Add(services, (provider, logger) => SegmenterFactory.Create(options(provider), logger), provider => options(provider).WarmUp);

    private static IServiceCollection Add(IServiceCollection services, Func<IServiceProvider, ILogger, ISegmenter> create, Func<IServiceProvider, bool> warmUp)
    {
        if (services.Any(service => service.ServiceType == typeof(ISegmenter)))
            return services;
        services.AddSingleton(provider => create(provider, Logger(provider)).WithLogging(Logger(provider)));
        services.AddSingleton<IHostedService>(provider => new SegmenterWarmUp(provider, warmUp, Logger(provider)));
        return services;
    }

    private static ILogger Logger(IServiceProvider provider) => provider.GetService<ILoggerFactory>()?.CreateLogger(LogCategory) ?? NullLogger.Instance;
}
