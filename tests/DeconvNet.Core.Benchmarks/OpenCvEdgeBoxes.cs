using System.Globalization;
using System.Runtime.InteropServices;
using DeconvNet.Proposals.Edges;

namespace DeconvNet.Benchmarks;

/// <summary>OpenCV's Edge Boxes, in Python.</summary>
internal sealed class OpenCvEdgeBoxes : IDisposable
{
    private readonly string maps = Path.GetTempFileName();
    private readonly PythonPeer? peer;

    public OpenCvEdgeBoxes(EdgeMap edges, EdgeMap orientation)
    {
        File.WriteAllBytes(maps, [.. MemoryMarshal.AsBytes(edges.Values), .. MemoryMarshal.AsBytes(orientation.Values)]);
        peer = PythonPeer.Start("opencv_edge_boxes.py", edges.Width.ToString(CultureInfo.InvariantCulture), edges.Height.ToString(CultureInfo.InvariantCulture), maps);
    }

    /// <summary>None where no Python has OpenCV with <c>ximgproc</c>.</summary>
    public IEnumerable<Contender> Contenders => peer is null ? [] : [new($"OpenCV {peer.Version}, 1 thread", peer.Run)];

    /// <summary>What to say below the table.</summary>
    public string Remark(int count) => peer is null
        ? "  OpenCV is left out: no python3 on the PATH has cv2.ximgproc (python3-opencv of Debian has)"
        : $"  boxes: {count}, OpenCV {peer.Answer[0]}";

    public void Dispose()
    {
        peer?.Dispose();
        File.Delete(maps);
    }
}
