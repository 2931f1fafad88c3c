using System.Buffers;
using System.Numerics;

namespace Federation.Silo.Http;

/// <summary>A body as far as it has come, in memory that is counted. Mutable.</summary>
/// <param name="memory">What it is counted by.</param>
/// <param name="sender">Whose it is.</param>
/// <param name="most">How many bytes it may have.</param>
internal sealed class ReceivedBody(BodyMemory memory, BatchSender sender, long most) : IDisposable
{
    // What a body is given at once: one that trickles holds no more.
    private const int FirstRoom = 16 << 10;

    // Where a byte goes that is one too many.
    private readonly byte[] beyond = new byte[1];

    private byte[] buffer = [];
    private long counted;

    /// <summary>How many bytes are held.</summary>
    public int Length { get; private set; }

    /// <summary>How many bytes have come, those that were thrown away too.</summary>
    public long Received { get; private set; }

    /// <summary>Whether more has come than it may have: then nothing of it is held any more.</summary>
    public bool IsTooLarge => Received > most;

    /// <summary>All that is held.</summary>
    public ReadOnlyMemory<byte> Content => buffer.AsMemory(0, Length);

    /// <summary>Where the next bytes go; not empty once <see cref="MakeRoom"/> has granted it.</summary>
    public Memory<byte> Room => Length < buffer.Length ? buffer.AsMemory(Length) : beyond;

    /// <summary>Makes room for more bytes: twice what it has, as long as that is granted.</summary>
    public MemoryGrant MakeRoom()
    {
        if (Length < buffer.Length || buffer.Length >= most)
        {
            return MemoryGrant.Granted;
        }

        // As the pool rounds: less than twice the most.
        var wanted = (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Min(Math.Max(FirstRoom, buffer.Length * 2L), most));
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
    public void Add(int bytes)
    {
        Received += bytes;
        Length = IsTooLarge ? 0 : Length + bytes;
    }

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
