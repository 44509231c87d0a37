using System.CommandLine;

namespace Samples;

/// <summary>Options that mean the same to every command that has them.</summary>
internal static class SharedOptions
{
    public static Option<string> Voc() => new("--voc") { Description = "The VOC2012 folder: it holds JPEGImages, SegmentationClass and ImageSets.", Required = true };

    public static Option<string> ImageSet(string usual) => new("--set") { Description = "The image set, or several joined by +.", DefaultValueFactory = _ => usual };

    public static Option<string?> Weights() => new("--weights") { Description = "A weights file (.safetensors or .caffemodel) instead of the built-in one." };

    public static Option<int?> MaxProposals() => new("--max-proposals")
    {
        Description = "Number of proposals that the network scores; time grows with it. Default: that of the weights.",
    };
}
