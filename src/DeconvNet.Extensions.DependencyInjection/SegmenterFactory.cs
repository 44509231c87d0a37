using System.Diagnostics;
using DeconvNet.Engine;
using DeconvNet.Runtime;
using DeconvNet.Segmentation;
using DeconvNet.Weights;
using Microsoft.Extensions.Logging;

namespace DeconvNet.Extensions.DependencyInjection;

/// <summary>Creates the segmenter described by options.</summary>
internal static partial class SegmenterFactory
{
    public static ISegmenter Create(SegmenterServiceOptions options, ILogger logger)
    {
        var start = Stopwatch.GetTimestamp();
        options.Validate();
        var device = TorchRuntime.GetDevice(options.Device);
        ISegmenter network = options.Method switch
        {
            SegmenterMethod.Fcn8s => Fcn(),
            SegmenterMethod.Ensemble => new EnsembleSegmenter([DeconvNet(), Fcn()], CompactWeights.Ensemble),
            _ => DeconvNet(),
        };
        LogLoaded(logger, options.Method, options.WeightsFile ?? "the default weights", device.ToString(), (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return options.Crf ? network.WithCrf() : network;

        ISegmenter DeconvNet() =>
            (options.WeightsFile is { } file ? new DeconvNetWeights(file, () => File.OpenRead(file)) : CompactWeights.DeconvNet).CreateSegmenter(options.Proposals, device);

        // In an ensemble the file is the DeconvNet's.
        ISegmenter Fcn() =>
            (options is { Method: SegmenterMethod.Fcn8s, WeightsFile: { } file } ? new FcnWeights(file, () => File.OpenRead(file)) : CompactWeights.Fcn8s).CreateSegmenter(options.Fcn, device);
    }

    [LoggerMessage(1, LogLevel.Information, "Loaded {Method} with {Weights} onto {Device} in {Milliseconds} ms")]
    private static partial void LogLoaded(ILogger logger, SegmenterMethod method, string weights, string device, long milliseconds);
}
