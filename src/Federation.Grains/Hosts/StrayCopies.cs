using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Grains.Hosts;

/// <summary>Finds copies of VMs at a host that is not their owner any more. For one grain's single thread.</summary>
/// <param name="here">The host.</param>
/// <param name="clock">Tells how long a copy stands still.</param>
internal sealed class StrayCopies(HostPost here, TimeProvider clock)
{
    /// <summary>How long a copy that stands still is left alone: what a migration has still to do with it comes meanwhile.</summary>
    public static readonly TimeSpan LeftToMigrations = TimeSpan.FromMinutes(1);

    // The owner may change while its old host tells the same all the time, as one that was cut off does.
    private static readonly TimeSpan LooksAgainAfter = TimeSpan.FromSeconds(30);

    private readonly Dictionary<VmRef, (Aspect Copy, DateTimeOffset LookedAt)> looked = [];
    private readonly Dictionary<VmRef, (Aspect Copy, DateTimeOffset Since)> still = [];

    /// <summary>Which copies of a report are to be looked at now: those that have changed, and from time to time all.</summary>
    public ImmutableArray<HostGuest> Suspects(HostReport report)
    {
        var there = report.Guests.Select(guest => guest.Sighting.Vm).ToHashSet();
        foreach (var gone in looked.Keys.Where(vm => !there.Contains(vm)).ToList())
        {
            looked.Remove(gone);
            still.Remove(gone);
        }

        return [.. report.Guests.Where(guest => !looked.TryGetValue(guest.Sighting.Vm, out var last)
            || last.Copy != Aspect.Of(guest) || clock.GetUtcNow() - last.LookedAt >= LooksAgainAfter)];
    }

    /// <summary>The order that ends a copy; null: it is none that has to end, or not yet.</summary>
    /// <param name="copy">The copy, as the newest report has it.</param>
    /// <param name="owner">How its VM stands.</param>
    /// <param name="place">The hosts of this site that the VM has places on, also one that it comes to or leaves: a migration decides there. Null: none.</param>
    public HostOrder.Stop? EndOf(HostGuest copy, VmStatus owner, VmHosts? place)
    {
        var (vm, aspect) = (copy.Sighting.Vm, Aspect.Of(copy));
        looked[vm] = (aspect, clock.GetUtcNow());
        if (copy.Epoch >= owner.Epoch || MayBeOwner(owner) || place?.Host == here.Host || place?.NextHost == here.Host)
        {
            still.Remove(vm);
            return null;
        }

        if (copy.Sighting.State is not GuestState.Running)
        {
            var since = still.TryGetValue(vm, out var known) && known.Copy == aspect ? known.Since : clock.GetUtcNow();
            still[vm] = (aspect, since);
            if (clock.GetUtcNow() - since < LeftToMigrations)
            {
                return null;
            }
        }

        return new HostOrder.Stop($"stray {vm.Key} at {here}, epoch {owner.Epoch}", vm, owner.Epoch);
    }

    /// <summary>The order that clears what is left of a VM that is gone; null: its record, or a migration, has it here yet.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="owner">How it stands.</param>
    /// <param name="place">As for <see cref="EndOf"/>.</param>
    public HostOrder.Stop? ClearOf(VmRef vm, VmStatus owner, VmHosts? place) => MayBeOwner(owner) || place?.Host == here.Host || place?.NextHost == here.Host
        ? null
        : new HostOrder.Stop($"remains of {vm.Key} at {here}, epoch {owner.Epoch}", vm, owner.Epoch);

    // At a site that does not tell its hosts it may be any of them. A VM that is nowhere is owned by none: it was stopped, or given up with its host.
    private bool MayBeOwner(VmStatus owner) => owner.At is { } at && at.Site == here.Site && (owner.Host is not { } host || host == here.Host);

    private readonly record struct Aspect(GuestState State, long Epoch)
    {
        public static Aspect Of(HostGuest guest) => new(guest.Sighting.State, guest.Epoch);
    }
}
