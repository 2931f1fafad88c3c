namespace Federation.Silo.Http;

/// <summary>Hands on what it reads, and refuses to go beyond a number of bytes: a small body can unpack to a very large one.</summary>
/// <param name="inner">Stays the caller's.</param>
/// <param name="most">The bytes that may be read.</param>
internal sealed class BoundedStream(Stream inner, long most) : Stream
{
    private long total;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await inner.ReadAsync(buffer, cancellationToken));

    public override int Read(byte[] buffer, int offset, int count) => Counted(inner.Read(buffer, offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Counted(int read)
    {
        total += read;
        return total <= most
            ? read
            : throw new BadHttpRequestException($"the body unpacks to more than {most} bytes", StatusCodes.Status413PayloadTooLarge);
    }
}
