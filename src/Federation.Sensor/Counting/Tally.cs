namespace Federation.Sensor.Counting;

/// <summary>Frames that were counted, and their original lengths together.</summary>
/// <param name="Packets">Frames.</param>
/// <param name="Bytes">Bytes, link-layer headers included.</param>
public readonly record struct Tally(long Packets, long Bytes)
{
    /// <summary>Both together.</summary>
    public static Tally operator +(Tally a, Tally b) => new(a.Packets + b.Packets, a.Bytes + b.Bytes);
}
