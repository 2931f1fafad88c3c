using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Federation.Domain.Traffic;
using Federation.Sensor.Attribution;
using Federation.Sensor.Counting;
using Federation.Sensor.Discovery;
using Federation.Sensor.Live;

namespace Federation.Sensor.Daemon;

/// <summary>A window that is being counted: what was counted so far, who was here, and what of it nobody watched.</summary>
/// <remarks>Not safe for use by several threads.</remarks>
/// <param name="window">The window.</param>
/// <param name="atStart">The VMs that are here as it begins.</param>
/// <param name="watchedFrom">From when on it is watched; before its start: all of it.</param>
internal sealed class OpenWindow(Window window, HostVmsView atStart, DateTimeOffset watchedFrom)
{
    private readonly Dictionary<FrameTally, Tally> tallies = [];

    /// <summary>The window.</summary>
    public Window Window => window;

    /// <summary>The VMs that were here so far.</summary>
    public Presence Presence { get; } = new(atStart);

    /// <summary>How much of it nothing was watched in.</summary>
    public TimeSpan Gap { get; set; } = watchedFrom > window.Start ? watchedFrom - window.Start : TimeSpan.Zero;

    /// <summary>How long single interfaces were not watched beside that.</summary>
    public Dictionary<string, TimeSpan> GapsOf { get; } = new(StringComparer.Ordinal);

    /// <summary>Frames that could not be counted.</summary>
    public long Dropped { get; private set; }

    /// <summary>The number of the last cut that is in it, or in the window before.</summary>
    public long Counted { get; set; }

    /// <summary>Everything that was counted, one for each key.</summary>
    public IReadOnlyCollection<FrameTally> Tallies =>
        [.. tallies.Select(entry => entry.Key with { Packets = entry.Value.Packets, Bytes = entry.Value.Bytes })];

    /// <summary>Adds a cut.</summary>
    public void Add(CaptureCut cut)
    {
        Add(cut.Tallies, cut.Dropped);
        Counted = cut.Number;
    }

    /// <summary>Goes on with what an earlier process has counted of the same window.</summary>
    public void Continue(WindowCount begun)
    {
        Add(begun.Tallies, begun.Dropped);
        Presence.Recall(begun.Vms);
        Gap = begun.Gap;
        foreach (var (name, duration) in begun.GapsOf)
        {
            AddGap([name], duration);
        }
    }

    /// <summary>Notes that interfaces were not watched for some time.</summary>
    public void AddGap(IEnumerable<string> interfaces, TimeSpan duration)
    {
        foreach (var name in interfaces)
        {
            GapsOf[name] = GapsOf.GetValueOrDefault(name) + duration;
        }
    }

    /// <summary>All that is needed to report it, or to go on with it after a restart.</summary>
    /// <param name="until">Up to when it was watched.</param>
    public WindowCount Count(DateTimeOffset until) => new(
        window, until, Gap, GapsOf.ToImmutableDictionary(), Dropped, [.. Tallies], Presence.Vms, Presence.Peers, Counted);

    private void Add(IEnumerable<FrameTally> counted, long dropped)
    {
        Dropped += dropped;
        foreach (var tally in counted)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(tallies, tally with { Packets = 0, Bytes = 0, Protocol = 0 }, out _);
            sum += new Tally(tally.Packets, tally.Bytes);
        }
    }
}

/// <summary>What was counted in a window. Compared by reference.</summary>
/// <param name="Window">The window.</param>
/// <param name="Until">Up to when it was watched; the window's end, or before it.</param>
/// <param name="Gap">How much of it, before that, nothing was watched in.</param>
/// <param name="GapsOf">How long single interfaces were not watched beside that.</param>
/// <param name="Dropped">Frames that could not be counted.</param>
/// <param name="Tallies">One for each key.</param>
/// <param name="Vms">The VMs that were here.</param>
/// <param name="Peers">Addresses of VMs of their applications.</param>
/// <param name="Counted">The number of the last cut that is in it.</param>
internal sealed record WindowCount(
    Window Window,
    DateTimeOffset Until,
    TimeSpan Gap,
    ImmutableDictionary<string, TimeSpan> GapsOf,
    long Dropped,
    ImmutableArray<FrameTally> Tallies,
    ImmutableArray<PresentVm> Vms,
    ImmutableHashSet<PeerAddress> Peers,
    long Counted)
{
    /// <summary>How much of the window was watched.</summary>
    public TimeSpan Covered => Until - Window.Start - Gap;

    /// <summary>This and a cut; keys that are in both stand twice.</summary>
    public WindowCount With(CaptureCut cut) =>
        this with { Tallies = [.. Tallies, .. cut.Tallies], Dropped = Dropped + cut.Dropped, Counted = cut.Number };
}
