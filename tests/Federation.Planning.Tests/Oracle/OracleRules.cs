using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Planning.Tests.Oracle;

/// <summary>The design's constraints, each found by itself: all that a placement violates, not only the first.</summary>
public static class OracleRules
{
    /// <summary>The names of the violated constraints, as a verdict's reason starts with; empty if there is none.</summary>
    public static IReadOnlySet<string> Violations(OracleWorld world, IReadOnlyList<Location> placement)
    {
        var found = world.Application.Vms.SelectMany((vm, i) => OfSeat(world, vm, placement[i])).ToHashSet();
        if (OraclePlacement.Of(world, placement) is { } figures)
        {
            found.UnionWith(OfTime(world, placement, figures));
            found.UnionWith(OfLimits(world, figures));
            if (CostsTooMuchAnHour(world, placement, figures))
            {
                found.Add("hourly budget");
            }
        }
        else if (OracleTime.Run(world, placement) is null)
        {
            found.Add("link");
        }

        found.UnionWith(OfAffinity(world, placement));
        found.UnionWith(OracleRoom.Violations(world, placement));
        return found;
    }

    /// <summary>Those that concern one VM and its seat, whatever the others do.</summary>
    public static IEnumerable<string> OfSeat(OracleWorld world, VmSpec vm, Location to)
    {
        var (site, offer) = (world.SiteNamed(to.Site), world.OfferAt(to));
        var rules = new (string Name, bool Broken)[]
        {
            ("policy", !site.Policy.Tenants.Contains("*") && !site.Policy.Tenants.Contains(world.Application.Tenant.Value)),
            ("allowed sites", vm.Sites is not null && !vm.Sites.Contains(to.Site)),
            ("residency", vm.Residency.Any(tag => !site.Policy.Residency.Contains(tag))),
            ("availability", SecondsLeft(world, site) is { } left && left <= 0),
            ("left out", world.Application.Without.Contains(to.Site)),
            ("link", world.LacksEndpointLink(vm, to.Site)),
            ("arrivals", OracleWorld.Arrives(vm, to) && !site.Policy.Arrivals.IsEmpty
                && !site.Policy.Arrivals.Any(window => window.Holds(world.View.Now))),
            ("offer", vm.At is { } at && at.Site == to.Site && at.Offer != to.Offer && world.Application.Restarts is null),
            ("needs", offer.Vcpus < vm.Vcpus || offer.MemoryBytes < vm.MemoryBytes),
            ("price", vm.At != to && offer.Price.Entries.All(entry => entry.From > world.View.Now)),
        };
        return rules.Where(rule => rule.Broken).Select(rule => rule.Name)
            .Concat(OracleWorld.Moves(vm, to) && OracleWorld.Arrives(vm, to) ? OfMove(world, vm, to) : [])
            .Concat(vm.At != to ? OracleRoom.TooMuch(world, to) : []);
    }

    private static IEnumerable<string> OfMove(OracleWorld world, VmSpec vm, Location to)
    {
        var from = world.SiteNamed(vm.At!.Value.Site);
        if (from.Policy.MigrationsOut == 0 || world.SiteNamed(to.Site).Policy.MigrationsIn == 0)
        {
            yield return "migrations";
        }

        if (!from.Policy.Departures.IsEmpty && !from.Policy.Departures.Any(window => window.Holds(world.View.Now)))
        {
            yield return "departures";
        }

        if (!from.Links.ContainsKey(to.Site))
        {
            yield return "link";
        }
        else if (world.Migration(vm, to) is null)
        {
            yield return "migration";
        }
    }

    private static IEnumerable<string> OfTime(OracleWorld world, IReadOnlyList<Location> placement, OraclePlacement figures)
    {
        foreach (var site in placement.Select(location => world.SiteNamed(location.Site)).Distinct())
        {
            if (SecondsLeft(world, site) is { } left && Passes(figures.TimeSeconds, left))
            {
                yield return "availability";
            }

            var vcpus = placement.Where(location => location.Site == site.Id).Sum(location => world.OfferAt(location).Vcpus);
            Rational used = world.View.UsedByOthers.TryGetValue(site.Id, out var others) ? others.CoreHours : 0.0;
            if (OracleRoom.QuotaAt(world, site)?.CoreHours is { } hours && Passes(used + (figures.TimeSeconds * vcpus / 3600), hours))
            {
                yield return "quota";
            }
        }
    }

    private static IEnumerable<string> OfLimits(OracleWorld world, OraclePlacement figures)
    {
        if (world.Application.Deadline is { } deadline && Passes(figures.TimeSeconds, deadline))
        {
            yield return "deadline";
        }

        if (world.Application.Budget is { } budget && Passes(figures.Cost, budget))
        {
            yield return "budget";
        }

        var harmed = world.Remaining * (Rational.One + world.View.Application.HarmLimit);
        if (world.Application.Objective == Objective.Utilization && Passes(figures.TimeSeconds, harmed))
        {
            yield return "harm limit";
        }
    }

    private static bool CostsTooMuchAnHour(OracleWorld world, IReadOnlyList<Location> placement, OraclePlacement figures)
    {
        if (world.Application.BudgetPerHour is not { } most)
        {
            return false;
        }

        var now = world.View.Now;
        var changes = placement.SelectMany(location => world.OfferAt(location).Price.Entries).Select(entry => entry.From)
            .Where(from => from > now && figures.TimeSeconds > (Rational)(from - now));
        return changes.Append(now).Any(instant => Passes(placement.Select(location => (Rational)(world.OfferAt(location).Price.At(instant) ?? 0)).Sum(), most));
    }

    private static IEnumerable<string> OfAffinity(OracleWorld world, IReadOnlyList<Location> placement)
    {
        var at = world.Application.Vms.Zip(placement, (vm, location) => (vm.Id, location.Site)).ToDictionary(pair => pair.Id, pair => pair.Site);
        var split = world.Application.Together.Any(vms => vms.Any(one => vms.Any(other => at[one] != at[other])));
        var crowded = world.Application.Apart.Any(spread => spread.Vms.GroupBy(vm => at[vm]).Count() < spread.Sites
            || spread.Vms.GroupBy(vm => at[vm]).Any(here => here.Count() > spread.MostAtOne));
        return split || crowded ? ["affinity"] : [];
    }

    // A limit met to within a billionth is met: the world's own is a count of 100 ns, and may lie that little below the time it was drawn from.
    private static bool Passes(Rational figure, Rational limit) => figure > limit + (limit * 1e-9);

    // Null: without end. Not available now: 0.
    private static Rational? SecondsLeft(OracleWorld world, Site site)
    {
        var now = world.View.Now;
        var open = site.Availability.Where(interval => interval.From <= now && now < interval.Until).ToArray();
        return site.Availability.IsEmpty ? null : open.Length == 0 ? Rational.Zero : (Rational)(open[0].Until - now);
    }
}
