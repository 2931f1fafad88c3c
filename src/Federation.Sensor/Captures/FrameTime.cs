namespace Federation.Sensor.Captures;

/// <summary>Turns a file's time stamps into ticks, and knows those that only a damaged file can hold.</summary>
internal static class FrameTime
{
    /// <summary>In place of a time that the file does not tell.</summary>
    public const long Unknown = 0;

    /// <summary>What the seconds of a classic pcap file can say: 1970 to 2106.</summary>
    private const long MostSeconds = uint.MaxValue;

    /// <summary>Of seconds since 1970 and ticks beyond them; <see cref="Unknown"/> outside of what can be.</summary>
    public static long Of(Int128 seconds, long beyond) => seconds >= 0 && seconds <= MostSeconds
        ? DateTime.UnixEpoch.Ticks + ((long)seconds * TimeSpan.TicksPerSecond) + beyond
        : Unknown;
}

/// <summary>How an interface of a pcapng file counts time.</summary>
/// <param name="perSecond">Units in a second.</param>
/// <param name="offsetSeconds">What is to be added, seconds.</param>
internal readonly struct TimeUnit(ulong perSecond, long offsetSeconds)
{
    private const byte BinaryFlag = 0x80;

    private readonly ulong perSecond = perSecond;
    private readonly long offset = offsetSeconds;

    /// <summary>Microseconds since 1970: where the file says nothing else.</summary>
    public static TimeUnit Default => new(1_000_000, 0);

    /// <summary>By the option <c>if_tsresol</c>: a negative power of ten, or of two; null if it is finer than a number can say.</summary>
    public static TimeUnit? Of(byte resolution, long offsetSeconds)
    {
        var power = resolution & ~BinaryFlag;
        if ((resolution & BinaryFlag) != 0)
        {
            return power < 64 ? new TimeUnit(1UL << power, offsetSeconds) : null;
        }

        ulong units = 1;
        for (var digit = 0; digit < power; digit++)
        {
            if (power > 19)
            {
                return null;
            }

            units *= 10;
        }

        return new TimeUnit(units, offsetSeconds);
    }

    /// <summary>The ticks of a time stamp; <see cref="FrameTime.Unknown"/> outside of 1970 to 2106.</summary>
    public long Ticks(ulong stamp)
    {
        var (seconds, rest) = Math.DivRem(stamp, perSecond);
        var beyond = perSecond == 1_000_000 ? (long)rest * 10 : (long)((UInt128)rest * TimeSpan.TicksPerSecond / perSecond);
        return FrameTime.Of((Int128)seconds + offset, beyond);
    }
}
