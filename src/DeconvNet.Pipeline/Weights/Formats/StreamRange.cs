namespace DeconvNet.Weights.Formats;

/// <summary>A read-only view of a part of a stream, which is left open.</summary>
internal sealed class StreamRange(Stream whole, long start, long length) : Stream
{
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => position;
        set => position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var left = Math.Clamp(length - position, 0, buffer.Length);
        if (whole.Position != start + position)
            whole.Position = start + position;
        var count = whole.Read(buffer[..(int)left]);
        position += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => position = offset + origin switch
    {
        SeekOrigin.Current => position,
        SeekOrigin.End => length,
        _ => 0,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
