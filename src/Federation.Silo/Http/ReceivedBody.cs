using System.Buffers;

namespace Federation.Silo.Http;

/// <summary>A body as far as it has come, in memory that is counted. Mutable.</summary>
/// <param name="memory">What it is counted by.</param>
/// <param name="sender">Whose it is.</param>
internal sealed class ReceivedBody(BodyMemory memory, BatchSender sender) : IDisposable
{
    // What a body is given at once: one that trickles holds no more.
    private const int FirstRoom = 16 << 10;

    private byte[] buffer = [];
    private long counted;

    /// <summary>How many bytes have come.</summary>
    public int Length { get; private set; }

    /// <summary>All that has come.</summary>
    public ReadOnlyMemory<byte> Content => buffer.AsMemory(0, Length);

    /// <summary>Where the next bytes go; not empty once <see cref="MakeRoom"/> has granted it.</summary>
    public Memory<byte> Room => buffer.AsMemory(Length);

    /// <summary>Makes room for more bytes: twice what it has, as long as that is granted.</summary>
    public MemoryGrant MakeRoom()
    {
        if (Length < buffer.Length)
        {
            return MemoryGrant.Granted;
        }

        var wanted = Math.Max(FirstRoom, buffer.Length * 2);
        var grant = memory.Take(sender, wanted);
        if (grant == MemoryGrant.Granted)
        {
            var larger = ArrayPool<byte>.Shared.Rent(wanted);
            buffer.AsSpan(0, Length).CopyTo(larger);
            GiveBack();
            (buffer, counted) = (larger, wanted);
        }

        return grant;
    }

    /// <summary>So many bytes of the room were filled.</summary>
    public void Add(int bytes) => Length += bytes;

    /// <summary>The content as a stream; it ends with the body's memory.</summary>
    public Stream Open() => new MemoryStream(buffer, 0, Length, writable: false);

    /// <inheritdoc/>
    public void Dispose()
    {
        GiveBack();
        (buffer, Length, counted) = ([], 0, 0);
    }

    private void GiveBack()
    {
        if (counted > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            memory.Return(sender, counted);
        }
    }
}
