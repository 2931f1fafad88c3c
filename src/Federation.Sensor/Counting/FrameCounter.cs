using System.Collections.Immutable;
using System.Runtime.InteropServices;
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

/// <summary>Counts the frames of one window; as large as the window has pairs of addresses.</summary>
internal sealed class WindowTable(Window window)
{
    private readonly Dictionary<AddressPair, Tally> tallies = [];

    /// <summary>The window.</summary>
    public Window Window => window;

    /// <summary>Counts one frame; allocates only for a new pair.</summary>
    public void Count(AddressPair pair, long bytes)
    {
        ref var tally = ref CollectionsMarshal.GetValueRefOrAddDefault(tallies, pair, out _);
        tally += new Tally(1, bytes);
    }

    /// <summary>What was counted so far.</summary>
    public WindowTraffic ToTraffic() => new(window, Where(pair => pair.IsIP), Where(pair => !pair.IsIP));

    private ImmutableSortedDictionary<AddressPair, Tally> Where(Func<AddressPair, bool> belongs) =>
        tallies.Where(entry => belongs(entry.Key)).ToImmutableSortedDictionary();
}
