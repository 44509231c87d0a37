using static TorchSharp.torch;

namespace DeconvNet.Runtime;

/// <summary>Orders in which libtorch stores maps.</summary>
internal static class MemoryLayout
{
    /// <summary>A copy of a map <c>[N, C, H, W]</c>, of the same shape, whose channels come last in memory.</summary>
    public static Tensor ChannelsLast(Tensor map) => map.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}
