using Federation.Sensor.Live.Tables;

namespace Federation.Sensor.Live.Kernel;

/// <summary>What a table says of itself, in the place of two counters.</summary>
/// <param name="Number">1 for the first that was counted in, and one more with every cut; 0: none.</param>
/// <param name="Begun">When it was begun to be counted in, to the millisecond.</param>
internal readonly record struct TableStamp(long Number, DateTimeOffset Begun)
{
    /// <summary>The number of the first.</summary>
    public const long First = 1;

    /// <summary>As it was put into a table.</summary>
    public static TableStamp Of(FrameCounters counters) => new(counters.Packets, DateTimeOffset.FromUnixTimeMilliseconds(counters.Bytes));

    /// <summary>As it is put into a table.</summary>
    public FrameCounters ToCounters() => new() { Packets = Number, Bytes = Begun.ToUnixTimeMilliseconds() };
}
