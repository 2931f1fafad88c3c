using PacketDotNet;
using SharpPcap.LibPcap;

namespace Federation.Sensor.Captures;

/// <summary>One frame of a capture; valid only during the call that hands it over.</summary>
public readonly ref struct Frame
{
    /// <summary>How the first header is to be read.</summary>
    public required LinkLayers Link { get; init; }

    /// <summary>When the frame was captured, UTC, to the microsecond.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Bytes that the frame had on the wire, link-layer header included, however much of it was kept.</summary>
    public required long Length { get; init; }

    /// <summary>The bytes that were kept: from the first one to the snap length.</summary>
    public required ReadOnlySpan<byte> Data { get; init; }
}

/// <summary>Takes one frame; what it wants to keep it has to copy out.</summary>
public delegate void FrameHandler(in Frame frame);

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
