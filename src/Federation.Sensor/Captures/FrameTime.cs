using SharpPcap.LibPcap;

namespace Federation.Sensor.Captures;

/// <summary>Turns libpcap's time stamps into instants, and knows those that only a damaged file can hold.</summary>
internal static class FrameTime
{
    /// <summary>What the seconds of a classic pcap file can say: 1970 to 2106.</summary>
    private const ulong MaxSeconds = uint.MaxValue;

    private const ulong MaxMicroseconds = 999_999;

    /// <summary>Reads a frame's time stamp, UTC; false if it is out of range.</summary>
    public static bool TryRead(PcapHeader header, out DateTimeOffset time)
    {
        time = default;
        try
        {
            var stamp = header.Timeval;
            if (stamp.Seconds > MaxSeconds || stamp.MicroSeconds > MaxMicroseconds)
            {
                return false;
            }

            time = DateTimeOffset.UnixEpoch.AddTicks(
                ((long)stamp.Seconds * TimeSpan.TicksPerSecond) + ((long)stamp.MicroSeconds * TimeSpan.TicksPerMicrosecond));
            return true;
        }
        catch (OverflowException)
        {
            // A pcapng file can say a time before 1970, for which SharpPcap has no value.
            return false;
        }
    }

    /// <summary>Says which frame's time stamp is out of range; frames count from 1.</summary>
    public static string Fault(long frame) => $"the time stamp of frame {frame} is no time from 1970 to 2106";
}
