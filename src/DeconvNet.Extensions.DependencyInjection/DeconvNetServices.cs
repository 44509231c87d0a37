using DeconvNet.Extensions.DependencyInjection;
using DeconvNet.Segmentation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers DeconvNet in an application.</summary>
public static class DeconvNetServices
{
    // The category of log entries, by which users filter them.
    private const string LogCategory = "DeconvNet";

    /// <summary>
    /// Registers one <see cref="ISegmenter"/> for the application: DeconvNet with the default weights on the CPU. It is made when it is first asked for, or when the host
    /// starts (<see cref="SegmenterServiceOptions.WarmUp"/>), logs under the category <c>DeconvNet</c>, and is disposed with the application. Of several calls the first counts.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddDeconvNet(this IServiceCollection services) => services.AddDeconvNet(new SegmenterServiceOptions());

    /// <summary>The same with another method, weights file, device or recipe.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="options">The segmenter.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static IServiceCollection AddDeconvNet(this IServiceCollection services, SegmenterServiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return AddMade(services, _ => options);
    }

    /// <summary>The same with options from the configuration, which is read when the segmenter is made.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="section">
    /// The part of the configuration with the properties of <see cref="SegmenterServiceOptions"/>, as <c>configuration.GetSection("DeconvNet")</c>. A name that is no
    /// property is an error when the segmenter is made, and so is a value that cannot be read.
    /// </param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddDeconvNet(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        return AddMade(services, _ => section.Get<SegmenterServiceOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new SegmenterServiceOptions());
    }

    /// <summary>The same with a segmenter that the application makes: on ONNX Runtime, with own weights, several in an ensemble.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="create">Makes the segmenter, once.</param>
    /// <param name="warmUp">Whether the host makes it and runs it once before it takes requests.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddDeconvNet(this IServiceCollection services, Func<IServiceProvider, ISegmenter> create, bool warmUp = true)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(create);
        return Add(services, (provider, logger) => create(provider), _ => warmUp);
    }

    /// <summary>Registers a health check: healthy where the segmenter can be made and segments a small picture. A success counts for 30 seconds.</summary>
    /// <param name="builder">As from <c>services.AddHealthChecks()</c>.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">The status where the check fails; <see cref="HealthStatus.Unhealthy"/> if omitted.</param>
    /// <param name="tags">Tags by which checks are chosen.</param>
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
