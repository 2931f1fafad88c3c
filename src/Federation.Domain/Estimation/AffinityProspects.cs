using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Estimation;

/// <summary>Whether rules of affinity can be held at all, by the sites that each VM could be at.</summary>
/// <remarks>What has to be together is one piece, and takes one site. Of a spread as many pieces as possible get a site of their own: augmenting paths.</remarks>
internal sealed class AffinityProspects
{
    private readonly PlacementProblem problem;
    private readonly int[] piece;
    private readonly Dictionary<int, ImmutableSortedSet<int>> sites = [];

    private AffinityProspects(PlacementProblem problem)
    {
        this.problem = problem;
        piece = [.. Enumerable.Range(0, problem.VmCount)];
    }

    /// <summary>The first rule that no placement can hold; null: each can be held, as far as this looks. O(VMs named x sites).</summary>
    public static Refusal? Against(PlacementProblem problem) =>
        problem.Together.IsEmpty && problem.Apart.IsEmpty ? null : new AffinityProspects(problem).First();

    private Refusal? First()
    {
        foreach (var together in problem.Together)
        {
            Join(together);
        }

        foreach (var together in problem.Together.Where(together => SitesOf(together[0]).IsEmpty))
        {
            var all = together.Aggregate(ImmutableSortedSet<int>.Empty, (known, vm) => known.Union(Own(vm)));
            return Refusal.AffinityNoCommonSite(Names(together), all.Select(site => problem.Sites[site].Id));
        }

        foreach (var apart in problem.Apart)
        {
            var roots = apart.Vms.Select(RootOf).Distinct().ToList();
            if (Spread(roots, apart.Sites) is var most && most < apart.Sites)
            {
                var open = roots.Aggregate(ImmutableSortedSet<int>.Empty, (known, root) => known.Union(SitesOf(root)));
                return Refusal.AffinityTooFewSites(Names(apart.Vms), most, apart.Sites, open.Select(site => problem.Sites[site].Id));
            }
        }

        return null;
    }

    private void Join(ImmutableArray<int> together)
    {
        foreach (var vm in together)
        {
            var (root, first) = (RootOf(vm), RootOf(together[0]));
            if (root != first)
            {
                var both = SitesOf(first).Intersect(SitesOf(root));
                piece[root] = first;
                sites[first] = both;
            }
        }
    }

    private ImmutableSortedSet<int> SitesOf(int vm)
    {
        var root = RootOf(vm);
        return sites.TryGetValue(root, out var known) ? known : sites[root] = Own(root);
    }

    private ImmutableSortedSet<int> Own(int vm) => [.. problem.Candidates[vm].Select(seat => problem.Seats[seat].SiteIndex)];

    private int Spread(List<int> roots, int enough)
    {
        var takenBy = new Dictionary<int, int>();
        var size = 0;
        foreach (var root in roots.TakeWhile(_ => size < enough))
        {
            size += Take(root, takenBy, []) ? 1 : 0;
        }

        return size;
    }

    private bool Take(int root, Dictionary<int, int> takenBy, HashSet<int> tried)
    {
        foreach (var site in SitesOf(root).Where(tried.Add))
        {
            if (!takenBy.TryGetValue(site, out var other) || Take(other, takenBy, tried))
            {
                takenBy[site] = root;
                return true;
            }
        }

        return false;
    }

    private int RootOf(int vm)
    {
        while (piece[vm] != vm)
        {
            vm = piece[vm] = piece[piece[vm]];
        }

        return vm;
    }

    private IEnumerable<VmId> Names(ImmutableArray<int> vms) => vms.Select(vm => problem.View.Application.Vms[vm].Id);
}
