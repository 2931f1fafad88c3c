namespace Federation.Sensor.Captures;

/// <summary>A stream's bytes in order, through one buffer that moves along: what was read is not copied to be looked at.</summary>
/// <param name="content">The stream; stays the caller's.</param>
internal sealed class ByteWindow(Stream content)
{
    /// <summary>As much can be looked at at once: more than the longest frame and what is around it.</summary>
    public const int MostBytes = 1 << 19;

    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(MostBytes);
    private int start;
    private int end;
    private bool hasEnded;

    /// <summary>Shows the next bytes without passing them; what there is, if it is less, and false.</summary>
    /// <param name="count">How many; at most <see cref="MostBytes"/>.</param>
    /// <param name="bytes">Valid until the next call.</param>
    /// <exception cref="IOException">The disk failed underneath.</exception>
    public bool TryPeek(int count, out ReadOnlySpan<byte> bytes)
    {
        if (end - start < count)
        {
            Fill(count);
        }

        var isWhole = end - start >= count;
        bytes = buffer.AsSpan(start, isWhole ? count : end - start);
        return isWhole;
    }

    /// <summary>Passes bytes that were shown; they can still be looked at until the next call.</summary>
    public void Advance(int count) => start += count;

    /// <summary>Passes bytes that need not be shown; false if there are not so many.</summary>
    public bool TrySkip(long count)
    {
        while (count > 0)
        {
            var step = (int)Math.Min(count, MostBytes);
            if (!TryPeek(step, out _))
            {
                return false;
            }

            Advance(step);
            count -= step;
        }

        return true;
    }

    private void Fill(int count)
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        while (end < count && !hasEnded)
        {
            var read = content.Read(buffer, end, MostBytes - end);
            hasEnded = read == 0;
            end += read;
        }
    }
}
