using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Federation.Domain.Traffic;

namespace Federation.Sensor.Counting;

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
