namespace Federation.Domain.Traffic;

/// <summary>How often a receiver waits for what one side sends it: each wait takes the latency of their link.</summary>
/// <remarks>
/// Frames are no measure of that: a card that hands segments over together shows a tenth of those that another one shows of the same program. So where the application does not say how
/// many packets stream back to back, bytes count, in exchanges of <see cref="BytesPerExchange"/>, and besides each packet that is too small to be a part of a stream: those beyond what the
/// bytes would fill in whole frames, less an acknowledgement of each second whole frame that goes back. Each of the three is the same, within some per cent, however frames are cut.
/// </remarks>
public static class Waits
{
    /// <summary>What streams back to back for each wait, bytes: 16 packets as programs were measured, an acknowledgement to each fourth frame of 1,500 bytes among them.</summary>
    public const double BytesPerExchange = 20_000;

    /// <summary>A whole frame, bytes, its Ethernet header included.</summary>
    public const double WholeFrame = 1514;

    /// <summary>The waits for a flow, in the period in which it was counted; a fraction, 0 or more.</summary>
    /// <param name="received">What the receiver got.</param>
    /// <param name="sentBack">What it sent to the same other side.</param>
    /// <param name="packetsPerExchange">Packets that stream back to back for each wait, at least 1; null: as bytes and small packets tell.</param>
    public static double Of(Flow received, Flow sentBack, double? packetsPerExchange) => packetsPerExchange is { } packets
        ? received.Packets / packets
        : (received.Bytes / BytesPerExchange) + SmallPackets(received, sentBack);

    private static double SmallPackets(Flow received, Flow sentBack) =>
        Math.Max(0, received.Packets - (received.Bytes / WholeFrame) - (sentBack.Bytes / WholeFrame / 2));
}
