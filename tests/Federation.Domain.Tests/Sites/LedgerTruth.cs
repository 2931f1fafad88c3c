using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Shouldly;

namespace Federation.Domain.Tests.Sites;

/// <summary>What is true of a site, told by its answers alone, the slow way. Each check names the invariant that is broken.</summary>
internal sealed class LedgerTruth
{
    private readonly Dictionary<VmRef, Place> places = [];
    private readonly Dictionary<PlanId, Said> said = [];
    private readonly List<(TenantId Tenant, double Hours)> ended = [];

    // By which plan a VM left, and what it was on: that plan may bring it back there, whatever was approved.
    private readonly Dictionary<VmRef, (PlanId By, string Offer)> departed = [];

    private sealed record Place(ReservationId Reservation, Offer Offer, double Planned, DateTimeOffset? Until, DateTimeOffset? Arrived = null, MigrationId? Leaves = null)
    {
        // The offer on which it restarts: it counts on both until it has.
        public Next? Next { get; init; }

        public bool LeavesSite => Leaves is { } by && Next?.Reservation.Step != by;
    }

    private sealed record Next(ReservationId Reservation, Offer Offer, double Planned, DateTimeOffset? Until, bool IsHere = false);

    private sealed record Said(PlanAtSite Does, bool Open, bool Final, DateTimeOffset Until);

    public bool IsKept(VmRef vm) => places.ContainsKey(vm);

    public void Answered(LedgerStep step, Site site, bool yes, DateTimeOffset now)
    {
        Forget(now);
        switch (step.Act)
        {
            case LedgerAct.Admit:
                Admitted(step, site, yes, now);
                break;
            case LedgerAct.Confirm:
                yes.ShouldBe(Holds(step) is not null || NextOf(step) is not null, "a place is confirmed for whom it is kept, and for nobody else");
                Change(NextOf(step) is null && Holds(step) is { Until: not null } ? step.Vm : null, place => place with { Until = null });
                Change(NextOf(step) is not null ? step.Vm : null, place => place with { Next = place.Next! with { Until = null } });
                break;
            case LedgerAct.Arrive:
                yes.ShouldBe(Holds(step) is { Until: null } || NextOf(step) is { Until: null }, "a VM arrives at a confirmed place only");
                Change(NextOf(step) is { Until: null } ? step.Vm : null, place => place with { Next = place.Next! with { IsHere = true } });
                Change(Holds(step) is { Until: null, Arrived: null } ? step.Vm : null, place => place with { Arrived = now });
                break;
            case LedgerAct.BeginLeaving:
                Leaves(step, site, yes, now);
                break;
            case LedgerAct.CancelLeaving:
                Change(places.GetValueOrDefault(step.Vm)?.Leaves == step.Migration ? step.Vm : null, place => place with { Leaves = null });
                break;
            case LedgerAct.Depart when places.GetValueOrDefault(step.Vm) is { Next: { } next } restarts && restarts.Leaves == step.Migration && next.Reservation.Step == step.Migration:
                if (next.IsHere)
                {
                    End([step.Vm], now);
                    places[step.Vm] = new(next.Reservation, next.Offer, next.Planned, null, now);
                }

                break;
            case LedgerAct.Depart when places.GetValueOrDefault(step.Vm) is { } left && left.Leaves == step.Migration:
                departed[step.Vm] = (step.PlanOf, left.Offer.Name);
                End([step.Vm], now);
                break;
            case LedgerAct.Release:
                End([step.Vm], now);
                break;
            case LedgerAct.ReleaseAll:
                departed.Keys.Where(vm => vm.Application == step.App).ToList().ForEach(vm => departed.Remove(vm));
                End([.. places.Keys.Where(vm => vm.Application == step.App)], now);
                break;
            case LedgerAct.Cancel:
                foreach (var (vm, place) in places.Where(place => place.Value.Next is { IsHere: false } next && next.Reservation == step.Reservation).ToList())
                {
                    places[vm] = WithoutNext(place);
                }

                End([.. places.Where(place => place.Value.Arrived is null && place.Value.Reservation == step.Reservation).Select(place => place.Key)], now);
                break;
            default:
                Decided(step, site, yes, now);
                break;
        }
    }

    public void Compare(SiteLedger ledger, DateTimeOffset now)
    {
        Forget(now);
        var left = ledger.Expire(now).Allocations.Values.ToList();
        left.Select(allocation => allocation.Vm).ShouldBe(places.Keys.Order(), "places are those that were given and not given back");
        left.Where(allocation => allocation.IsHere).Select(allocation => allocation.Vm)
            .ShouldBe(places.Where(place => place.Value.Arrived is not null).Select(place => place.Key).Order(), "places occupied are stays");
        left.Select(allocation => allocation.Next?.Offer?.Name).ShouldBe(places.OrderBy(place => place.Key).Select(place => place.Value.Next?.Offer.Name), "a VM gets the offer that was kept for it");
        foreach (var tenant in LedgerWorld.Apps.Select(app => app.Tenant).Distinct())
        {
            var counted = ledger.SpentCoreHours.GetValueOrDefault(tenant.Value)
                + left.Where(allocation => allocation.Tenant == tenant).Sum(allocation => allocation.CoreHoursUsed(now));
            counted.ShouldBe(Used(tenant, now), 1e-6, "core-hours are conserved");
        }
    }

    private void Admitted(LedgerStep step, Site site, bool yes, DateTimeOffset now)
    {
        var requests = step.Requests;
        if (requests is [{ Reservation.Step: not null } only] && places.TryGetValue(only.Vm, out var here) && here.Arrived is not null
            && here.Reservation != only.Reservation && here.Offer.Name != only.Offer)
        {
            Restarted(step, only, here, site, yes, now);
            return;
        }

        var other = requests.Any(request => places.TryGetValue(request.Vm, out var held) && (held.Reservation != request.Reservation || held.Offer.Name != request.Offer));
        var fresh = requests.Where(request => !IsKept(request.Vm)).ToList();
        var broken = other ? "held by another" : fresh.Select(request => Breaks(request, site, now)).FirstOrDefault(rule => rule is not null);
        if (broken is null)
        {
            var before = new Dictionary<VmRef, Place>(places);
            foreach (var request in requests)
            {
                places[request.Vm] = places.TryGetValue(request.Vm, out var held)
                    ? held with { Until = held.Until is null ? null : now + LedgerWorld.Lifetime }
                    : new(request.Reservation, site.OfferNamed(request.Offer)!, request.CoreHours, now + LedgerWorld.Lifetime);
            }

            // Only what comes is held against the limits: what is there already stays.
            broken = fresh.Select(request => Exceeds(request, site, now)).FirstOrDefault(limit => limit is not null);
            if (broken is not null)
            {
                places.Clear();
                before.ToList().ForEach(place => places.Add(place.Key, place.Value));
            }
        }

        yes.ShouldBe(broken is null, broken ?? "what fits is admitted");
    }

    // Nobody comes: neither windows nor approvals nor how many may arrive at once matter.
    private void Restarted(LedgerStep step, AdmissionRequest request, Place here, Site site, bool yes, DateTimeOffset now)
    {
        if (here.Next is { } next)
        {
            yes.ShouldBe(next.Reservation == request.Reservation && next.Offer.Name == request.Offer, "a VM restarts once at a time");
            Change(yes && next.Until is not null ? request.Vm : null, place => place with { Next = next with { Until = now + LedgerWorld.Lifetime } });
            return;
        }

        var broken = here.Leaves is { } by && by != step.Migration ? "it leaves" : BreaksRules(request, site, now);
        if (broken is null)
        {
            places[request.Vm] = here with { Next = new(request.Reservation, site.OfferNamed(request.Offer)!, request.CoreHours, now + LedgerWorld.Lifetime) };
            broken = Exceeds(request, site, now, isRestart: true);
            places[request.Vm] = broken is null ? places[request.Vm] : here;
        }

        yes.ShouldBe(broken is null, broken ?? "what has room on both offers restarts");
    }

    private static Place WithoutNext(Place place) => place with { Next = null, Leaves = place.Leaves == place.Next?.Reservation.Step ? null : place.Leaves };

    private Next? NextOf(LedgerStep step) => places.GetValueOrDefault(step.Vm)?.Next is { } next && next.Reservation == step.Reservation ? next : null;

    private static string? BreaksRules(AdmissionRequest request, Site site, DateTimeOffset now) =>
        !site.Policy.Tenants.Contains(request.Vm.Application.Tenant.Value) ? "tenants"
        : !request.Needs.Residency.All(site.Policy.Residency.Contains) ? "residency"
        : site.Offers.All(offer => offer.Name != request.Offer || offer.Vcpus < request.Needs.Vcpus || offer.MemoryBytes < request.Needs.MemoryBytes) ? "needs"
        : !site.Availability.IsEmpty && !site.Availability.Any(interval => interval.From <= now && now < interval.Until) ? "availability"
        : null;

    private string? Breaks(AdmissionRequest request, Site site, DateTimeOffset now) =>
        BreaksRules(request, site, now) is { } rule ? rule
        : !site.Policy.AcceptsArrivalAt(now) ? "arrivals"
        : site.Policy.ManualApproval && !(departed.TryGetValue(request.Vm, out var left) && left == (request.Reservation.Plan, request.Offer))
            && !IsApproved(request.Reservation.Plan, does => does.Arrivals.Any(vm => vm == new ArrivingVm(request.Vm.Vm, request.Offer)), now) ? "approval"
        : null;

    private string? Exceeds(AdmissionRequest request, Site site, DateTimeOffset now, bool isRestart = false)
    {
        var tenant = request.Vm.Application.Tenant;
        var taken = places.SelectMany(place => new[] { (Vm: place.Key, place.Value.Offer), (Vm: place.Key, Offer: place.Value.Next?.Offer!) }).Where(place => place.Offer is not null).ToList();
        var own = taken.Where(place => place.Vm.Application.Tenant == tenant).ToList();
        var quota = site.Quotas.FirstOrDefault(entry => entry.Tenant == tenant.Value) ?? site.Quotas.FirstOrDefault(entry => entry.Tenant == "*");
        var share = 1 - site.Capacity!.Headroom;
        var alike = taken.Where(place => place.Vm.Application == request.Vm.Application && place.Offer.Name == request.Offer).Select(place => place.Vm).Distinct().Count();
        var hours = ended.Where(stay => stay.Tenant == tenant).Sum(stay => stay.Hours)
            + places.Where(place => place.Key.Application.Tenant == tenant).Sum(place => Math.Max(place.Value.Planned, UsedBy(place.Value, now)) + (place.Value.Next?.Planned ?? 0));
        return alike > site.OfferNamed(request.Offer)!.Available ? "available"
            : taken.Sum(place => place.Offer.Vcpus) > site.Capacity.Vcpus * share || taken.Count > site.Capacity.Vms * share
                || taken.Sum(place => place.Offer.MemoryBytes) > site.Capacity.MemoryBytes * share ? "capacity"
            : own.Count > quota?.Vms || own.Sum(place => place.Offer.Vcpus) > quota?.Vcpus
                || own.Sum(place => place.Offer.MemoryBytes) > quota?.MemoryBytes ? "quota"
            : hours > quota?.CoreHours + 1e-6 ? "core-hours"
            : !isRestart && request.Reservation.Step is not null
                && places.Values.Count(place => place.Arrived is null && place.Reservation.Step is not null) > site.Policy.MigrationsIn ? "migrations in"
            : null;
    }

    private void Leaves(LedgerStep step, Site site, bool yes, DateTimeOffset now)
    {
        var place = places.GetValueOrDefault(step.Vm);
        var broken = place is not { Arrived: not null } ? "only a VM that is here leaves"
            : place.Leaves is { } by ? (by == step.Migration ? null : "a VM leaves once")
            : place.Next?.Reservation.Step == step.Migration ? null
            : !site.Policy.AcceptsDepartureAt(now) ? "departures"
            : site.Policy.ManualDepartures && !IsApproved(step.PlanOf, does => does.Departures.Contains(step.Vm.Vm), now) ? "approval"
            : places.Values.Count(other => other.LeavesSite) >= site.Policy.MigrationsOut ? "migrations out"
            : null;
        yes.ShouldBe(broken is null, broken ?? "who may leave leaves");
        Change(broken is null ? step.Vm : null, here => here with { Leaves = step.Migration });
    }

    private void Decided(LedgerStep step, Site site, bool yes, DateTimeOffset now)
    {
        var (plan, known) = (step.PlanOf, said.GetValueOrDefault(step.PlanOf));
        var expired = known is not null && known.Until <= now;
        switch (step.Act)
        {
            case LedgerAct.Request when known is null || (!known.Final && (expired || (!known.Open && known.Until == DateTimeOffset.MinValue) || !Same(known.Does, step.Does))):
                said[plan] = new(step.Does, Open: false, Final: false, now + LedgerWorld.ApprovalLifetime);
                break;
            case LedgerAct.Approve:
                // What was taken back has no end: it can be given again.
                var may = known is { Final: false } && (!expired || known.Until == DateTimeOffset.MinValue);
                yes.ShouldBe(may, "only what is asked for is approved");
                said[plan] = may ? known! with { Open = true, Until = now + LedgerWorld.ApprovalLifetime } : known!;
                break;
            case LedgerAct.Reject:
                var can = known is { Final: false } && (!expired || known.Until == DateTimeOffset.MinValue);
                yes.ShouldBe(can || known is { Final: true }, "only what is asked for is rejected");
                said[plan] = can ? known! with { Open = false, Final = true } : known!;
                break;
            case LedgerAct.Withdraw when known is { Open: true }:
                said[plan] = known with { Open = false, Until = DateTimeOffset.MinValue };
                break;
            default:
                break;
        }

        if (said.GetValueOrDefault(plan) is null)
        {
            said.Remove(plan);
        }
    }

    private bool IsApproved(PlanId? plan, Predicate<PlanAtSite> covers, DateTimeOffset now) =>
        plan is { } id && said.TryGetValue(id, out var known) && known.Open && now < known.Until && covers(known.Does);

    private static bool Same(PlanAtSite a, PlanAtSite b) => a.Arrivals.SequenceEqual(b.Arrivals) && a.Departures.SequenceEqual(b.Departures);

    private Place? Holds(LedgerStep step) => places.TryGetValue(step.Vm, out var place) && place.Reservation == step.Reservation ? place : null;

    private double Used(TenantId tenant, DateTimeOffset now) => ended.Where(stay => stay.Tenant == tenant).Sum(stay => stay.Hours)
        + places.Where(place => place.Key.Application.Tenant == tenant).Sum(place => UsedBy(place.Value, now));

    private static double UsedBy(Place place, DateTimeOffset now) => place.Arrived is { } since ? place.Offer.Vcpus * (now - since).TotalHours : 0;

    private void End(VmRef[] vms, DateTimeOffset now)
    {
        foreach (var vm in vms.Where(IsKept))
        {
            ended.Add((vm.Application.Tenant, UsedBy(places[vm], now)));
            places.Remove(vm);
        }
    }

    private void Forget(DateTimeOffset now)
    {
        places.Where(place => place.Value.Until <= now).Select(place => place.Key).ToList().ForEach(vm => places.Remove(vm));
        places.Where(place => place.Value.Next?.Until <= now).ToList().ForEach(place => places[place.Key] = WithoutNext(place.Value));
    }

    private void Change(VmRef? vm, Func<Place, Place> change)
    {
        if (vm is { } known)
        {
            places[known] = change(places[known]);
        }
    }
}
