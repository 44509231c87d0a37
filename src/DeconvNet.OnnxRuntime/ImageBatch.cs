namespace DeconvNet.OnnxRuntime;

/// <summary>A batch of images in pinned memory, and where their logits go.</summary>
/// <param name="Input">Address of the images, <c>[Count, 3, Height, Width]</c>.</param>
/// <param name="Logits">Address of the logits, <c>[Count, Classes, Height, Width]</c>.</param>
/// <param name="Count">Number of images.</param>
/// <param name="Size">Height, width and number of classes.</param>
internal readonly record struct ImageBatch(nint Input, nint Logits, int Count, (int Height, int Width, int Classes) Size)
{
    public long[] InputShape => [Count, 3, Size.Height, Size.Width];

    public long[] LogitsShape => [Count, Size.Classes, Size.Height, Size.Width];

    public long InputBytes => Bytes(3) * Count;

    public long LogitsBytes => Bytes(Size.Classes) * Count;

    /// <summary>One of the images.</summary>
    public ImageBatch this[int i] => new(checked((nint)(Input + (i * Bytes(3)))), checked((nint)(Logits + (i * Bytes(Size.Classes)))), 1, Size);

    private long Bytes(int planes) => (long)planes * Size.Height * Size.Width * sizeof(float);
}
