namespace Federation.Domain.Traffic;

/// <summary>How much went one way: packets (frames) and bytes (the frames' original lengths).</summary>
/// <param name="Packets">Frames; whole where it was counted, a fraction in a mean. Never negative.</param>
/// <param name="Bytes">Bytes, link-layer header included. Exact up to 2^53. Never negative.</param>
public readonly record struct Flow(double Packets, double Bytes)
{
    /// <summary>Whether nothing went this way.</summary>
    public bool IsNone => Packets == 0 && Bytes == 0;

    /// <summary>Both together.</summary>
    public static Flow operator +(Flow a, Flow b) => new(a.Packets + b.Packets, a.Bytes + b.Bytes);

    /// <summary>A share or a multiple.</summary>
    public static Flow operator *(Flow flow, double factor) => new(flow.Packets * factor, flow.Bytes * factor);

    /// <summary>One part of many.</summary>
    public static Flow operator /(Flow flow, double divisor) => new(flow.Packets / divisor, flow.Bytes / divisor);
}
