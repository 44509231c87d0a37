#:package DeconvNet.OnnxRuntime@0.1.0
#:package DeconvNet.Weights.Compact@0.1.0
#:property PublishAot=false
#:property UseCurrentRuntimeIdentifier=true

// The engine without libtorch, from weights and from an .onnx file. .ci/run builds it outside the repository.
using DeconvNet.OnnxRuntime;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

OnnxModel.Export(CompactWeights.DeconvNet, "deconvnet.onnx");
using var model = OnnxModel.Load("deconvnet.onnx");
using var ofFile = model.CreateSegmenter();
using var ofWeights = CompactWeights.DeconvNet.CreateOnnxSegmenter();
var result = ofWeights.Segment(args[0]);
foreach (var (name, fraction) in result.Classes)
    Console.WriteLine($"{name} {fraction:P1}");
return result.Labels.Pixels.SequenceEqual(ofFile.Segment(args[0]).Labels.Pixels) ? 0 : 1;
