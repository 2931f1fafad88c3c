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

    private sealed record Place(ReservationId Reservation, Offer Offer, double Planned, DateTimeOffset? Until, DateTimeOffset? Arrived = null, MigrationId? Leaves = null);

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
                yes.ShouldBe(Holds(step) is not null, "a place is confirmed for whom it is kept, and for nobody else");
                Change(Holds(step) is { Until: not null } ? step.Vm : null, place => place with { Until = null });
                break;
            case LedgerAct.Arrive:
                yes.ShouldBe(Holds(step) is { Until: null }, "a VM arrives at a confirmed place only");
                Change(Holds(step) is { Until: null, Arrived: null } ? step.Vm : null, place => place with { Arrived = now });
                break;
            case LedgerAct.BeginLeaving:
                Leaves(step, site, yes, now);
                break;
            case LedgerAct.CancelLeaving:
                Change(places.GetValueOrDefault(step.Vm)?.Leaves == step.Migration ? step.Vm : null, place => place with { Leaves = null });
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

    private string? Breaks(AdmissionRequest request, Site site, DateTimeOffset now) =>
        !site.Policy.Tenants.Contains(request.Vm.Application.Tenant.Value) ? "tenants"
        : !request.Needs.Residency.All(site.Policy.Residency.Contains) ? "residency"
        : site.Offers.All(offer => offer.Name != request.Offer || offer.Vcpus < request.Needs.Vcpus || offer.MemoryBytes < request.Needs.MemoryBytes) ? "needs"
        : !site.Availability.IsEmpty && !site.Availability.Any(interval => interval.From <= now && now < interval.Until) ? "availability"
        : !site.Policy.AcceptsArrivalAt(now) ? "arrivals"
        : site.Policy.ManualApproval && !(departed.TryGetValue(request.Vm, out var left) && left == (request.Reservation.Plan, request.Offer))
            && !IsApproved(request.Reservation.Plan, does => does.Arrivals.Any(vm => vm == new ArrivingVm(request.Vm.Vm, request.Offer)), now) ? "approval"
        : null;

    private string? Exceeds(AdmissionRequest request, Site site, DateTimeOffset now)
    {
        var tenant = request.Vm.Application.Tenant;
        var own = places.Where(place => place.Key.Application.Tenant == tenant).ToList();
        var quota = site.Quotas.FirstOrDefault(entry => entry.Tenant == tenant.Value) ?? site.Quotas.FirstOrDefault(entry => entry.Tenant == "*");
        var share = 1 - site.Capacity!.Headroom;
        var alike = places.Count(place => place.Key.Application == request.Vm.Application && place.Value.Offer.Name == request.Offer);
        var hours = ended.Where(stay => stay.Tenant == tenant).Sum(stay => stay.Hours) + own.Sum(place => Math.Max(place.Value.Planned, UsedBy(place.Value, now)));
        return alike > site.OfferNamed(request.Offer)!.Available ? "available"
            : places.Values.Sum(place => place.Offer.Vcpus) > site.Capacity.Vcpus * share || places.Count > site.Capacity.Vms * share
                || places.Values.Sum(place => place.Offer.MemoryBytes) > site.Capacity.MemoryBytes * share ? "capacity"
            : own.Count > quota?.Vms || own.Sum(place => place.Value.Offer.Vcpus) > quota?.Vcpus
                || own.Sum(place => place.Value.Offer.MemoryBytes) > quota?.MemoryBytes ? "quota"
            : hours > quota?.CoreHours + 1e-6 ? "core-hours"
            : request.Reservation.Step is not null
                && places.Values.Count(place => place.Arrived is null && place.Reservation.Step is not null) > site.Policy.MigrationsIn ? "migrations in"
            : null;
    }

    private void Leaves(LedgerStep step, Site site, bool yes, DateTimeOffset now)
    {
        var place = places.GetValueOrDefault(step.Vm);
        var broken = place is not { Arrived: not null } ? "only a VM that is here leaves"
            : place.Leaves is { } by ? (by == step.Migration ? null : "a VM leaves once")
            : !site.Policy.AcceptsDepartureAt(now) ? "departures"
            : site.Policy.ManualDepartures && !IsApproved(step.PlanOf, does => does.Departures.Contains(step.Vm.Vm), now) ? "approval"
            : places.Values.Count(other => other.Leaves is not null) >= site.Policy.MigrationsOut ? "migrations out"
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

    private void Forget(DateTimeOffset now) => places.Where(place => place.Value.Until <= now).Select(place => place.Key).ToList().ForEach(vm => places.Remove(vm));

    private void Change(VmRef? vm, Func<Place, Place> change)
    {
        if (vm is { } known)
        {
            places[known] = change(places[known]);
        }
    }
}
