using Federation.Domain.Identity;
using Federation.Sensor.Captures;

namespace Federation.Sensor.Tests.Making;

/// <summary>A frame that a test made, with what a right count says of it: known from its making, not from parsing.</summary>
/// <param name="Microseconds">Time stamp, since 1970.</param>
/// <param name="Data">The bytes that the capture keeps.</param>
/// <param name="Length">The length on the wire.</param>
/// <param name="Pair">Who sent it to whom, if it is IP.</param>
/// <param name="LeftOut">Why it is not counted, if it is not.</param>
public sealed record MadeFrame(long Microseconds, byte[] Data, int Length, AddressPair? Pair, string? LeftOut = null)
{
    /// <summary>The interface that it is captured on, by its place among those of the file.</summary>
    public int Interface { get; init; }

    public DateTimeOffset Time => DateTimeOffset.UnixEpoch.AddTicks(Microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>An untagged IPv4 frame between 10.0.0.<paramref name="from"/> and 10.0.0.<paramref name="to"/>.</summary>
    public static MadeFrame Between(byte from, byte to, string time, int length = 100)
    {
        byte[] source = [10, 0, 0, from], destination = [10, 0, 0, to];
        var data = FrameBytes.Ethernet([], FrameBytes.IPv4Type, FrameBytes.IPv4(source, destination, 0));
        var microseconds = (DateTimeOffset.Parse(time, null) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return new MadeFrame(microseconds, data, length, new AddressPair(Address.IPv4(source), Address.IPv4(destination)));
    }
}
