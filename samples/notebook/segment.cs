#:package DeconvNet.Core@0.1.0
#:package DeconvNet.Weights.Compact@0.1.0
#:package TorchSharp-cpu@0.107.0
#:property PublishAot=false
#:property UseCurrentRuntimeIdentifier=true
using System.Globalization;
using DeconvNet.Engine;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

using var segmenter = CompactWeights.DeconvNet.CreateSegmenter();
var result = segmenter.Segment(args[0]);
result.SavePng("labels.png");
result.Overlay().SavePng("overlay.png");
foreach (var (name, fraction) in result.Classes)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {100 * fraction:0.0} %"));
