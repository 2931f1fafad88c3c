using System.Collections.Immutable;
using Federation.Domain.Traffic;
using Federation.Sensor.Captures;

namespace Federation.Sensor.Counting;

/// <summary>Counts frames by window, source and destination. Not safe for use by several threads.</summary>
/// <remarks>
/// Every window stays open to the end, since a capture of several interfaces is not quite in order of time: a late frame still
/// lands in its own window. Memory grows with windows and pairs of addresses, not with frames.
/// </remarks>
public sealed class FrameCounter
{
    private readonly Dictionary<Window, WindowTable> tables = [];
    private WindowTable? current;

    /// <summary>Counts one frame.</summary>
    public void Count(in Frame frame) =>
        TableOf(Window.Containing(frame.Time)).Count(FrameAddresses.Of(frame.Link, frame.Data), frame.Length);

    /// <summary>The windows that any frame fell into, oldest first.</summary>
    public ImmutableArray<WindowTraffic> Windows() =>
        [.. tables.Values.OrderBy(table => table.Window).Select(table => table.ToTraffic())];

    private WindowTable TableOf(Window window)
    {
        if (current is null || current.Window != window)
        {
            current = tables.TryGetValue(window, out var known) ? known : tables[window] = new WindowTable(window);
        }

        return current;
    }
}
