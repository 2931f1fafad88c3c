using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Grains.Hosts;

/// <summary>A host's newest report, and how new what it says of each VM is. For one grain's single thread.</summary>
/// <param name="floor">A stamp that no mailbox of this host has given out before: its opening, in ticks.</param>
internal sealed class ReportedGuests(long floor)
{
    private const int RunsRemembered = 16;

    private readonly Dictionary<VmRef, long> stamps = [];
    private readonly Queue<Guid> ended = [];
    private ImmutableDictionary<VmRef, HostGuest> guests = ImmutableDictionary<VmRef, HostGuest>.Empty;
    private long newest = floor;
    private long untold = floor;

    /// <summary>The newest report; null: none came.</summary>
    public HostReport? Report { get; private set; }

    /// <summary>The copy of a VM; null: there is none, or no report came.</summary>
    public HostGuest? Of(VmRef vm) => guests.GetValueOrDefault(vm);

    /// <summary>Changes with what is told of a VM.</summary>
    public long StampOf(VmRef vm) => stamps.GetValueOrDefault(vm, untold);

    /// <summary>Takes a report; false: a newer one came before.</summary>
    public bool Take(HostReport report)
    {
        if (IsLate(report))
        {
            return false;
        }

        if (Report is null)
        {
            // That a VM is not there is news, too, for whoever was told nothing.
            untold = ++newest;
        }

        var now = report.Guests.ToImmutableDictionary(guest => guest.Sighting.Vm);
        foreach (var vm in now.Keys.Concat(guests.Keys).Distinct().Where(vm => now.GetValueOrDefault(vm) != guests.GetValueOrDefault(vm)))
        {
            stamps[vm] = ++newest;
        }

        (guests, Report) = (now, report);
        return true;
    }

    // A run that was followed by another one has ended: what still comes of it was on its way.
    private bool IsLate(HostReport report)
    {
        if (Report is not { } before || report.Run == before.Run)
        {
            return Report is { } same && report.Number <= same.Number;
        }

        if (ended.Contains(report.Run))
        {
            return true;
        }

        ended.Enqueue(before.Run);
        if (ended.Count > RunsRemembered)
        {
            ended.Dequeue();
        }

        return false;
    }
}
