using System.Collections.Immutable;
using Federation.Domain.Sites;

namespace Federation.Domain.Tests.Sites;

/// <summary>Every guard of the ledger, taken out.</summary>
internal static class LedgerMutations
{
    public static readonly ImmutableSortedDictionary<string, LedgerMutation> All = new Dictionary<string, LedgerMutation>
    {
        ["capacity is not looked at"] = OfSite(site => site with { Capacity = null }),
        ["headroom is given out"] = OfSite(site => site with { Capacity = site.Capacity! with { Headroom = 0 } }),
        ["memory has no capacity"] = OfSite(site => site with { Capacity = site.Capacity! with { MemoryBytes = null } }),
        ["quotas of amounts are not looked at"] = OfSite(site => site with { Quotas = [.. site.Quotas.Select(quota => quota with { Vcpus = null, Vms = null, MemoryBytes = null })] }),
        ["quotas of core-hours are not looked at"] = OfSite(site => site with { Quotas = [.. site.Quotas.Select(quota => quota with { CoreHours = null })] }),
        ["offers never run out"] = OfSite(site => site with { Offers = [.. site.Offers.Select(offer => offer with { Available = null })] }),
        ["any tenant comes"] = OfSite(site => site with { Policy = site.Policy with { Tenants = [] } }),
        ["VMs come at any time"] = OfSite(site => site with { Policy = site.Policy with { Arrivals = [] } }),
        ["VMs leave at any time"] = OfSite(site => site with { Policy = site.Policy with { Departures = [] } }),
        ["the site is always there"] = OfSite(site => site with { Availability = [] }),
        ["any number arrives at once"] = OfSite(site => site with { Policy = site.Policy with { MigrationsIn = null } }),
        ["any number leaves at once"] = OfSite(site => site with { Policy = site.Policy with { MigrationsOut = null } }),
        ["arrivals need no approval"] = OfSite(site => site with { Policy = site.Policy with { ManualApproval = false } }),
        ["departures need no approval"] = OfSite(site => site with { Policy = site.Policy with { ManualDepartures = false } }),
        ["needs are not held against the offer"] = new() { Request = request => request with { Needs = request.Needs with { Vcpus = 1 } } },
        ["residency is not held against the site"] = new() { Request = request => request with { Needs = request.Needs with { Residency = [] } } },
        ["core-hours count once they are used"] = new() { Request = request => request with { CoreHours = 0 } },
        ["a place is confirmed for anybody"] = OfReservation(LedgerAct.Confirm),
        ["a VM arrives at anybody's place"] = OfReservation(LedgerAct.Arrive),
        ["a place that has run out is confirmed"] = new() { Clock = (step, now) => step.Act == LedgerAct.Confirm ? now - LedgerWorld.Lifetime : now },
        ["an approval does not expire"] = new() { Clock = (step, now) => step.Act == LedgerAct.Approve ? now + LedgerWorld.ApprovalLifetime : now },
        ["a migration ends another's departure"] = OfMigration(LedgerAct.Depart),
        ["a migration takes another's departure back"] = OfMigration(LedgerAct.CancelLeaving),
        ["a stay begins anew when its VM stays after all"] = OfLedger((step, _, after, now) => step.Act == LedgerAct.CancelLeaving ? Restarted(after, step, now) : after),
        ["a stay begins anew when its VM begins to leave"] = OfLedger((step, _, after, now) => step.Act == LedgerAct.BeginLeaving ? Restarted(after, step, now) : after),
        ["what has been used is forgotten when a VM leaves"] = OfLedger((step, before, after, _) =>
            step.Act == LedgerAct.Depart ? after with { SpentCoreHours = before.SpentCoreHours } : after),
        ["what has been used is forgotten when a VM stops"] = OfLedger((step, before, after, _) =>
            step.Act is LedgerAct.Release or LedgerAct.ReleaseAll ? after with { SpentCoreHours = before.SpentCoreHours } : after),
        ["the end of an application leaves places behind"] = OfLedger((step, before, after, _) => step.Act == LedgerAct.ReleaseAll ? before : after),
        ["a departure leaves its place behind"] = OfLedger((step, before, after, _) => step.Act == LedgerAct.Depart ? before : after),
        ["another plan than the one that took a VM away brings it back"] = OfDeparted(left => left with { By = left.By with { Number = 3 - left.By.Number } }),
        ["a VM comes back to another offer than it had"] = OfDeparted(left => left with { Offer = left.Offer == "small" ? "large" : "small" }),
        ["a cancelled reservation leaves its place behind"] = OfLedger((step, before, after, _) => step.Act == LedgerAct.Cancel ? before : after),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static LedgerMutation OfSite(Func<Site, Site> change) => new() { Site = change };

    private static LedgerMutation OfLedger(Func<LedgerStep, SiteLedger, SiteLedger, DateTimeOffset, SiteLedger> change) => new() { After = change };

    private static LedgerMutation OfDeparted(Func<DepartedVm, DepartedVm> change) => OfLedger((step, before, after, _) =>
        step.Act == LedgerAct.Depart && !ReferenceEquals(before, after) ? after with { Departed = after.Departed.SetItem(step.Vm, change(after.Departed[step.Vm])) } : after);

    // Whatever is asked, the ledger hears the reservation under which it holds the VM's place.
    private static LedgerMutation OfReservation(LedgerAct act) => new()
    {
        Step = (step, ledger) => step.Act == act && ledger.Allocations.TryGetValue(step.Vm, out var held)
            ? step with { Kind = held.Reservation.Step is not null ? 0 : held.Reservation.Plan is not null ? 1 : 2, Plan = PlanOf(held.Reservation) }
            : step,
    };

    private static LedgerMutation OfMigration(LedgerAct act) => new()
    {
        Step = (step, ledger) => step.Act == act && ledger.Allocations.GetValueOrDefault(step.Vm)?.LeavesBy is { } by ? step with { Plan = by.Plan.Number } : step,
    };

    private static int PlanOf(ReservationId reservation) => reservation.Plan?.Number ?? (int)reservation.Change;

    private static SiteLedger Restarted(SiteLedger ledger, LedgerStep step, DateTimeOffset now) =>
        ledger.Allocations.TryGetValue(step.Vm, out var held) && held.IsHere
            ? ledger with { Allocations = ledger.Allocations.SetItem(step.Vm, held with { Since = now }) }
            : ledger;
}
