using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Planning.Tests.Reference;

/// <summary>Every constraint of the design's text, each on its own, with nothing shared with the product's own rules.</summary>
internal static class ReferenceRules
{
    private const double Rounding = 1 + 1e-9;

    /// <summary>Whether one VM could be at a location at all.</summary>
    public static bool CouldBe(PlacementView view, VmSpec vm, Location location)
    {
        var site = view.Sites.Single(site => site.Id == location.Site);
        var offer = site.Offers.Single(offer => offer.Name == location.Offer);
        var (comes, moves, leaves) = (vm.At?.Site != site.Id, vm.At is { } here && here != location, vm.At is { } at && at.Site != site.Id);
        return offer.Vcpus >= vm.Vcpus && offer.MemoryBytes >= vm.MemoryBytes
            && (vm.Sites is null || vm.Sites.Contains(site.Id))
            && vm.Residency.All(site.Policy.Residency.Contains)
            && (site.Policy.Tenants.IsEmpty || site.Policy.Tenants.Any(tenant => tenant == "*" || tenant == view.Application.Tenant.Value))
            && !view.Application.Without.Contains(site.Id)
            && (!moves || !view.Application.Quiet.Any(window => IsOpen(window, view.Now)))
            && ReferencePlacement.ReachesEndpoints(view, vm, site)
            && SecondsLeft(site, view.Now) > 0
            && (vm.At == location || offer.Price.Entries[0].From <= view.Now)
            && (comes || vm.At == location || view.Application.Restarts is not null)
            && (vm.At == location || !HasTooMuch(view, site, location))
            && (!comes || site.Policy.Arrivals.IsEmpty || site.Policy.Arrivals.Any(window => IsOpen(window, view.Now)))
            && (!leaves || (site.Policy.MigrationsIn != 0 && CanLeave(view, vm)));
    }

    /// <summary>The first constraint that a placement of VMs that could be where they are violates; null: none.</summary>
    public static string? Broken(PlacementView view, IReadOnlyList<Location> locations)
    {
        var placement = new ReferencePlacement(view, locations);
        if (!placement.HasLinks() || view.Application.Vms.Any(vm => placement.Moves(vm) && placement.Migration(vm) is null))
        {
            return "links";
        }

        var terms = placement.Terms();
        var (application, most) = (view.Application, Longest(view));
        return !view.Sites.All(site => HasRoom(view, site, locations.Where(at => at.Site == site.Id).ToList())) ? "room"
            : terms.Seconds > most * Rounding ? "time"
            : terms.Cost > (double)(application.Budget ?? decimal.MaxValue) * Rounding ? "budget"
            : !view.Sites.All(site => HoldsTime(view, site, locations, terms.Seconds)) ? "reservation or core-hours"
            : !HoldsRate(view, locations, 0, terms.Seconds) ? "hourly budget"
            : !HoldsAffinity(application, locations) ? "affinity"
            : !OrderExists(view, locations) ? "order"
            : null;
    }

    /// <summary>Whether a site has room for VMs of so many offers, the tenant's other applications counted.</summary>
    public static bool HasRoom(PlacementView view, Site site, IReadOnlyList<Location> here) =>
        here.Distinct().All(at => OfferHasRoom(view, site, here, at)) && SiteHasRoom(view, site, here);

    // Nobody has to go because a limit was lowered: what is there is kept, whatever the limit.
    internal static bool OfferHasRoom(PlacementView view, Site site, IReadOnlyList<Location> here, Location at) =>
        here.Count(other => other == at) <= Math.Max(
            site.Offers.Single(offer => offer.Name == at.Offer).Available ?? int.MaxValue, view.Application.Vms.Count(vm => vm.At == at));

    internal static bool SiteHasRoom(PlacementView view, Site site, IReadOnlyList<Location> here)
    {
        var now = NowAt(view, site);
        return Fits(offer => offer.Vcpus, LimitsOf(view, site).Vcpus)
            && Fits(offer => offer.MemoryBytes, LimitsOf(view, site).Memory)
            && Fits(_ => 1, LimitsOf(view, site).Vms);

        bool Fits(Func<Offer, long> amount, double limit) =>
            here.Sum(at => amount(OfferAt(site, at))) <= Math.Max(Math.Max(limit, 0), now.Sum(at => amount(OfferAt(site, at))));
    }

    // While an application has more than it may, nothing more of it comes.
    private static bool HasTooMuch(PlacementView view, Site site, Location to)
    {
        var (now, limits) = (NowAt(view, site), LimitsOf(view, site));
        return now.Count(at => at == to) > (OfferAt(site, to).Available ?? int.MaxValue)
            || (now.Count > 0 && (now.Count > limits.Vms || now.Sum(at => OfferAt(site, at).Vcpus) > limits.Vcpus
                || now.Sum(at => OfferAt(site, at).MemoryBytes) > limits.Memory));
    }

    private static List<Location> NowAt(PlacementView view, Site site) =>
        [.. view.Application.Vms.Where(vm => vm.At?.Site == site.Id).Select(vm => vm.At!.Value)];

    private static Offer OfferAt(Site site, Location at) => site.Offers.Single(offer => offer.Name == at.Offer);

    private static (double Vcpus, double Memory, double Vms) LimitsOf(PlacementView view, Site site)
    {
        var (quota, capacity) = (QuotaOf(view, site), site.Capacity);
        var (own, all) = (view.UsedByOthers.GetValueOrDefault(site.Id), view.UsedByAllOthers.GetValueOrDefault(site.Id));
        return (
            Math.Min((quota?.Vcpus ?? double.PositiveInfinity) - own.Vcpus, Usable(capacity?.Vcpus) - all.Vcpus),
            Math.Min((quota?.MemoryBytes ?? double.PositiveInfinity) - own.MemoryBytes, Usable(capacity?.MemoryBytes) - all.MemoryBytes),
            Math.Min((quota?.Vms ?? double.PositiveInfinity) - own.Vms, Usable(capacity?.Vms) - all.Vms));

        double Usable(long? amount) => amount is { } all ? Math.Floor((all * (1 - capacity!.Headroom)) + 1e-9) : double.PositiveInfinity;
    }

    private static bool HoldsTime(PlacementView view, Site site, IReadOnlyList<Location> locations, double seconds)
    {
        var vcpus = locations.Where(at => at.Site == site.Id).Sum(at => site.Offers.Single(offer => offer.Name == at.Offer).Vcpus);
        var hours = view.UsedByOthers.GetValueOrDefault(site.Id).CoreHours + (vcpus * seconds / 3600);
        return vcpus == 0
            || (seconds <= SecondsLeft(site, view.Now) * Rounding
                && hours <= (QuotaOf(view, site)?.CoreHours ?? double.PositiveInfinity) * Rounding);
    }

    /// <summary>Whether the offers cost no more an hour than they may, from so many seconds on until so many.</summary>
    internal static bool HoldsRate(PlacementView view, IReadOnlyList<Location> locations, double from, double until)
    {
        if (view.Application.BudgetPerHour is not { } most)
        {
            return true;
        }

        var offers = locations.Select(at => view.Sites.Single(site => site.Id == at.Site).Offers.Single(offer => offer.Name == at.Offer)).ToList();
        var seconds = offers.SelectMany(offer => offer.Price.Entries).Select(entry => (entry.From - view.Now).TotalSeconds).Where(second => second > from && second < until).Append(from);
        return seconds.All(second => (double)offers.Sum(offer => offer.Price.Entries.LastOrDefault(entry => (entry.From - view.Now).TotalSeconds <= second).PerHour) <= (double)most * Rounding);
    }

    internal static bool HoldsAffinity(Application application, IReadOnlyList<Location> locations)
    {
        int SitesOf(IEnumerable<VmId> vms) => application.Vms.Zip(locations)
            .Where(pair => vms.Contains(pair.First.Id)).Select(pair => pair.Second.Site).Distinct().Count();
        return application.Together.All(vms => SitesOf(vms) <= 1) && application.Apart.All(spread => SitesOf(spread.Vms) >= spread.Sites
            && application.Vms.Zip(locations).Where(pair => spread.Vms.Contains(pair.First.Id)).GroupBy(pair => pair.Second.Site).All(here => here.Count() <= (spread.MostAtOne ?? int.MaxValue)));
    }

    internal static double Longest(PlacementView view)
    {
        var deadline = view.Application.Deadline?.TotalSeconds ?? double.PositiveInfinity;
        var harm = view.Application.Remaining.TotalSeconds * (1 + view.Application.HarmLimit);
        return view.Application.Objective == Objective.Utilization ? Math.Min(deadline, harm) : deadline;
    }

    // Tries every order: each migration needs room where it goes while the VM still has its old place; new VMs start after all of them.
    private static bool OrderExists(PlacementView view, IReadOnlyList<Location> locations)
    {
        var now = view.Application.Vms.Select(vm => vm.At).ToArray();
        return Finish(Enumerable.Range(0, now.Length).Where(i => now[i] is { } at && at != locations[i]).ToList());

        bool Finish(List<int> moving) => moving.Count == 0 || moving.Any(vm =>
        {
            var (old, to) = (now[vm], locations[vm]);
            var site = view.Sites.Single(site => site.Id == to.Site);
            // An offer that is over-full already does not stop a move to another one: the step takes nothing of it.
            Location[] then = [.. now.Where(at => at?.Site == to.Site).Select(at => at!.Value), to];
            if (!OfferHasRoom(view, site, then, to) || !SiteHasRoom(view, site, then))
            {
                return false;
            }

            now[vm] = to;
            var finished = Finish(moving.Where(other => other != vm).ToList());
            now[vm] = old;
            return finished;
        });
    }

    private static bool CanLeave(PlacementView view, VmSpec vm)
    {
        var from = view.Sites.Single(site => site.Id == vm.At!.Value.Site);
        return from.Policy.MigrationsOut != 0
            && (from.Policy.Departures.IsEmpty || from.Policy.Departures.Any(window => IsOpen(window, view.Now)));
    }

    internal static double SecondsLeft(Site site, DateTimeOffset now) =>
        site.Availability.IsEmpty ? double.PositiveInfinity
        : site.Availability.Where(slot => slot.From <= now && now < slot.Until).Select(slot => (slot.Until - now).TotalSeconds).SingleOrDefault();

    internal static Quota? QuotaOf(PlacementView view, Site site) =>
        site.Quotas.SingleOrDefault(quota => quota.Tenant == view.Application.Tenant.Value) ?? site.Quotas.SingleOrDefault(quota => quota.Tenant == "*");

    private static bool IsOpen(ArrivalWindow window, DateTimeOffset now)
    {
        // Walks through the openings of yesterday and today.
        var local = TimeZoneInfo.ConvertTime(now, window.Zone).DateTime;
        return new[] { local.Date.AddDays(-1), local.Date }.Any(day =>
        {
            var opens = day + window.From.ToTimeSpan();
            var closes = day + window.Until.ToTimeSpan() + (window.Until <= window.From ? TimeSpan.FromDays(1) : TimeSpan.Zero);
            return (window.Days.IsEmpty || window.Days.Contains(day.DayOfWeek)) && opens <= local && local < closes;
        });
    }
}
