using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Shouldly;
using Act = Federation.Domain.Tests.Sites.HostLedgerProperties.Act;

namespace Federation.Domain.Tests.Sites;

/// <summary>On which hosts VMs are, told by the answers alone, the slow way. Each check names the invariant that is broken.</summary>
internal sealed class HostTruth
{
    private readonly Dictionary<VmRef, Place> places = [];

    private sealed record Place(int Vcpus, ReservationId Reservation, string Host, DateTimeOffset? Until)
    {
        public bool IsHere { get; init; }

        public MigrationId? Leaves { get; init; }

        public Next? Next { get; init; }
    }

    private sealed record Next(string Host, ReservationId Reservation, DateTimeOffset? Until, bool IsHere = false);

    // The first is too small for two large VMs.
    public static HostFacts Facts(string host) => HostSamples.Facts(vcpus: host == "h1" ? 5 : 8, gib: host == "h1" ? 5 : 8);

    public void Told(HostLedgerProperties.Step step, SiteHosts hosts, SiteLedger after, bool yes, DateTimeOffset now)
    {
        Forget(now);
        var place = places.GetValueOrDefault(step.Ref);
        switch (step.Act)
        {
            case Act.Come or Act.Move:
                Admitted(step, place, hosts, after, yes, now);
                break;
            case Act.Confirm:
                yes.ShouldBe(place?.Reservation == step.Reservation || place?.Next?.Reservation == step.Reservation, "a place is confirmed for whom it is kept");
                Change(step.Ref, known => known.Next?.Reservation == step.Reservation ? known with { Next = known.Next with { Until = null } }
                    : known.Reservation == step.Reservation ? known with { Until = null } : known);
                break;
            case Act.Arrive:
                yes.ShouldBe((place?.Next is { } next && next.Reservation == step.Reservation && next.Until is null)
                    || (place?.Reservation == step.Reservation && place is { Until: null }), "a VM arrives at a confirmed place only");
                Change(step.Ref, known => known.Next is { Until: null } there && there.Reservation == step.Reservation ? known with { Next = there with { IsHere = true } }
                    : known.Reservation == step.Reservation && known.Until is null ? known with { IsHere = true } : known);
                break;
            case Act.BeginLeaving:
                yes.ShouldBe(place is { IsHere: true } && (place.Leaves ?? step.Migration) == step.Migration, "a VM that is here leaves once");
                Change(step.Ref, known => known.IsHere && known.Leaves is null ? known with { Leaves = step.Migration } : known);
                break;
            case Act.CancelLeaving:
                Change(step.Ref, known => known.Leaves == step.Migration ? known with { Leaves = null } : known);
                break;
            case Act.Depart when place?.Leaves == step.Migration:
                if (place.Next is not { } to || to.Reservation.Step != step.Migration)
                {
                    places.Remove(step.Ref);
                }
                else if (to.IsHere)
                {
                    places[step.Ref] = new(place.Vcpus, to.Reservation, to.Host, null) { IsHere = true };
                }

                break;
            case Act.Release:
                places.Remove(step.Ref);
                break;
            case Act.Cancel:
                foreach (var (vm, known) in places.ToList())
                {
                    places[vm] = known.Next is { IsHere: false } kept && kept.Reservation == step.Reservation ? WithoutNext(known) : known;
                    if (known is { IsHere: false } && known.Reservation == step.Reservation)
                    {
                        places.Remove(vm);
                    }
                }

                break;
            default:
                break;
        }
    }

    public void Compare(SiteLedger ledger, DateTimeOffset now)
    {
        Forget(now);
        var held = ledger.Expire(now).Allocations.Values.ToList();
        held.Select(place => (place.Vm, place.Host, place.Next?.Host)).ShouldBe(
            places.OrderBy(place => place.Key).Select(place => (place.Key, (string?)place.Value.Host, place.Value.Next?.Host)), "a VM is on the host that was picked for it");
        foreach (var host in (string[])["h1", "h2", "h3"])
        {
            var on = held.Where(place => place.Host == host).Concat(held.Where(place => place.Next?.Host == host)).ToList();
            on.Sum(place => place.Vcpus).ShouldBeLessThanOrEqualTo(Facts(host).Vcpus, $"{host} has no more");
            on.Sum(place => place.MemoryBytes).ShouldBeLessThanOrEqualTo(Facts(host).MemoryBytes, $"{host} has no more");
        }
    }

    private void Admitted(HostLedgerProperties.Step step, Place? place, SiteHosts hosts, SiteLedger after, bool yes, DateTimeOffset now)
    {
        var (vcpus, until) = (step.Vm < 3 ? 4 : 1, now + Ledgers.Lifetime);
        if (place is not null && place.Reservation == step.Reservation)
        {
            yes.ShouldBeTrue("a place that is kept stays kept");
            Change(step.Ref, known => known.Until is null ? known : known with { Until = until });
            return;
        }

        if (place?.Next is { } next)
        {
            yes.ShouldBe(next.Reservation == step.Reservation, "one migration at a time");
            Change(step.Ref, known => yes && next.Until is not null ? known with { Next = next with { Until = until } } : known);
            return;
        }

        if (place is not null && (!place.IsHere || step.Reservation.Step is null || (place.Leaves ?? step.Migration) != step.Migration))
        {
            yes.ShouldBeFalse("a place is held by one reservation");
            return;
        }

        var open = hosts.All.Where(host => host.State == HostState.Ready && host.Name != place?.Host && Free(host.Name) >= vcpus).Select(host => host.Name).ToList();
        yes.ShouldBe(open.Count > 0 && (place is not null || open.Count > 0), "who finds a host with room comes");
        if (yes)
        {
            var picked = place is null ? after.Allocations[step.Ref].Host! : after.Allocations[step.Ref].Next!.Host!;
            open.ShouldContain(picked, "only a host that is ready and has room is picked");
            open.Min(host => Rank(step.Ref, host, vcpus)).ShouldBe(Rank(step.Ref, picked, vcpus), "no host is better");
            places[step.Ref] = place is null ? new(vcpus, step.Reservation, picked, until) : place with { Next = new(picked, step.Reservation, until) };
        }
    }

    // Fewest to be kept apart from, most of its group, least left, by name.
    private (int Apart, int Near, int Left, string Name) Rank(VmRef vm, string host, int vcpus)
    {
        int There(params string[] vms) => places.Count(place => place.Key != vm && vms.Contains(place.Key.Vm.Value) && (place.Value.Host == host || place.Value.Next?.Host == host));
        return (There("vm1", "vm4"), -There("vm0", "vm3"), Free(host) - vcpus, host);
    }

    private int Free(string host) => Facts(host).Vcpus - places.Values.Sum(place => (place.Host == host ? place.Vcpus : 0) + (place.Next?.Host == host ? place.Vcpus : 0));

    private void Forget(DateTimeOffset now)
    {
        foreach (var (vm, place) in places.ToList())
        {
            places[vm] = place.Next?.Until <= now ? WithoutNext(place) : place;
            if (place.Until <= now)
            {
                places.Remove(vm);
            }
        }
    }

    private static Place WithoutNext(Place place) => place with { Next = null, Leaves = place.Leaves == place.Next?.Reservation.Step ? null : place.Leaves };

    private void Change(VmRef vm, Func<Place, Place> change)
    {
        if (places.TryGetValue(vm, out var known))
        {
            places[vm] = change(known);
        }
    }
}
