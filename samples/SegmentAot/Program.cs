using DeconvNet.OnnxRuntime;
using DeconvNet.Segmentation;

if (args.Length is not (2 or 3))
{
    Console.Error.WriteLine("Usage: SegmentAot PHOTO LABELS.png [NETWORK.onnx]");
    return 2;
}

try
{
    using var model = OnnxModel.Load(args.Length == 3 ? args[2] : Path.Combine(AppContext.BaseDirectory, "network.onnx.gz"));
    using ISegmenter segmenter = model.FcnOptions is null
        ? new ProposalSegmenter(new OnnxScorer(model), options: ProposalSegmenterOptions.Fast)
        : model.CreateSegmenter();
    var result = segmenter.Segment(args[0]);
    result.SavePng(args[1]);
    foreach (var (name, fraction) in result.Classes)
        Console.WriteLine(FormattableString.Invariant($"{name} {100 * fraction:0.0} %"));
    return 0;
}
catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or InvalidOperationException or ArgumentException)
{
    Console.Error.WriteLine($"Error: {error.Message}");
    return 1;
}
