using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Estimation;

/// <summary>VMs, by number and ascending, that have to be spread over so many sites at least.</summary>
/// <param name="Vms">Their places in the application's list.</param>
/// <param name="Sites">How many sites.</param>
/// <param name="MostAtOne">The most of them at one site; <see cref="int.MaxValue"/>: no limit.</param>
public sealed record NumberedSpread(ImmutableArray<int> Vms, int Sites, int MostAtOne = int.MaxValue);

/// <summary>Which VMs have to be at one site, and which have to be spread over several.</summary>
public static class Affinity
{
    /// <summary>Whether an assignment holds every rule of affinity; otherwise the first that it breaks. O(VMs named).</summary>
    public static Verdict Check(PlacementProblem problem, ReadOnlySpan<int> assignment)
    {
        foreach (var together in problem.Together)
        {
            var sites = SitesOf(problem, assignment, together);
            if (sites.Count > 1)
            {
                return Verdict.Reject(Refusal.AffinityTogether(Names(problem, together), Names(problem, sites)));
            }
        }

        foreach (var apart in problem.Apart)
        {
            if (apart.MostAtOne < apart.Vms.Length && Crowded(problem, assignment, apart) is { } crowded)
            {
                return Verdict.Reject(crowded);
            }

            var sites = SitesOf(problem, assignment, apart.Vms);
            if (sites.Count < apart.Sites)
            {
                return Verdict.Reject(Refusal.AffinityApart(Names(problem, apart.Vms), apart.Sites, Names(problem, sites)));
            }
        }

        return Verdict.Feasible;
    }

    /// <summary>An application's rules by VMs' numbers.</summary>
    /// <exception cref="ArgumentException">A rule names a VM that the application does not have.</exception>
    internal static (ImmutableArray<ImmutableArray<int>> Together, ImmutableArray<NumberedSpread> Apart) Number(Application application)
    {
        if (application.Together.IsEmpty && application.Apart.IsEmpty)
        {
            return ([], []);
        }

        var numbers = application.Vms.Select((vm, index) => (vm.Id, index)).ToDictionary(entry => entry.Id, entry => entry.index);
        return (
            [.. application.Together.Select(NumberAll)],
            [.. application.Apart.Select(spread => new NumberedSpread(NumberAll(spread.Vms), spread.Sites, spread.MostAtOne ?? int.MaxValue))]);

        ImmutableArray<int> NumberAll(ImmutableArray<VmId> vms) => [.. vms.Select(vm => numbers.TryGetValue(vm, out var number)
            ? number
            : throw new ArgumentException($"a rule of affinity names {vm}: {application.Id} has no such VM")).Order()];
    }

    private static Refusal? Crowded(PlacementProblem problem, ReadOnlySpan<int> assignment, NumberedSpread apart)
    {
        var counts = new SortedDictionary<int, int>();
        foreach (var vm in apart.Vms)
        {
            var site = problem.Seats[assignment[vm]].SiteIndex;
            counts[site] = counts.GetValueOrDefault(site) + 1;
        }

        foreach (var (site, count) in counts.Where(entry => entry.Value > apart.MostAtOne))
        {
            return Refusal.AffinityCrowded(problem.Sites[site].Id, Names(problem, apart.Vms), apart.MostAtOne, count);
        }

        return null;
    }

    private static SortedSet<int> SitesOf(PlacementProblem problem, ReadOnlySpan<int> assignment, ImmutableArray<int> vms)
    {
        var sites = new SortedSet<int>();
        foreach (var vm in vms)
        {
            sites.Add(problem.Seats[assignment[vm]].SiteIndex);
        }

        return sites;
    }

    private static IEnumerable<VmId> Names(PlacementProblem problem, ImmutableArray<int> vms) =>
        vms.Select(vm => problem.View.Application.Vms[vm].Id);

    private static IEnumerable<SiteId> Names(PlacementProblem problem, SortedSet<int> sites) =>
        sites.Select(site => problem.Sites[site].Id);
}
