using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;

namespace Federation.Files.ApplicationFiles;

/// <summary>The pieces into which VMs fall at most, once those that have to be together are, and the sites that each piece may be at.</summary>
/// <remarks>Sets that share a VM make one piece.</remarks>
internal sealed class Pieces
{
    // Beyond so many different lists of sites only their sum is looked at: what is worked out stays quick.
    private const int MostLists = 200;

    private readonly Dictionary<VmId, VmId> parents = [];

    // Of the first VM of each piece; no entry: any site.
    private readonly Dictionary<VmId, ImmutableSortedSet<SiteId>> allowed = [];
    private readonly ImmutableSortedSet<SiteId>? sites;

    /// <summary>Every VM a piece of its own.</summary>
    /// <param name="vms">The VMs.</param>
    /// <param name="sites">The sites that there are; null: not known.</param>
    public Pieces(ImmutableArray<VmSpec> vms, ImmutableSortedSet<SiteId>? sites)
    {
        this.sites = sites;
        foreach (var vm in vms.Where(vm => vm is { Sites: not null, Id.Value: not null }))
        {
            // Those that are no site of the federation are faults of their own.
            allowed[vm.Id] = vm.Sites!;
        }
    }

    /// <summary>Joins VMs that have to be together; false: there is no site that all of the piece may be at.</summary>
    public bool Join(ImmutableArray<VmId> set)
    {
        var holds = true;
        foreach (var vm in set)
        {
            var (root, first) = (RootOf(vm), RootOf(set[0]));
            if (root == first)
            {
                continue;
            }

            parents[root] = first;
            if (allowed.TryGetValue(root, out var there))
            {
                var both = allowed.TryGetValue(first, out var here) ? here.Intersect(there) : there;
                // Told once: where it went wrong.
                holds &= !both.IsEmpty || there.IsEmpty || here is { IsEmpty: true };
                allowed[first] = both;
            }
        }

        return holds;
    }

    /// <summary>How many pieces VMs are in.</summary>
    public int In(ImmutableArray<VmId> vms) => vms.Select(RootOf).Distinct().Count();

    /// <summary>How many of some VMs are in one piece at most.</summary>
    public int Largest(ImmutableArray<VmId> vms) => vms.IsEmpty ? 0 : vms.GroupBy(RootOf).Max(piece => piece.Count());

    /// <summary>Over how many sites VMs can be spread at most, as far as what is asked for: by the sites that each piece may be at.</summary>
    public int SitesFor(Spread spread)
    {
        var roots = spread.Vms.Select(RootOf).Distinct().ToList();
        var free = roots.Count(root => !allowed.ContainsKey(root));
        var lists = roots.Where(allowed.ContainsKey).GroupBy(root => string.Join(' ', allowed[root])).Select(same => (Sites: allowed[same.First()], Count: same.Count())).ToList();
        var bound = lists.Count > MostLists
            ? Math.Min(lists.Sum(list => list.Count), lists.Aggregate(ImmutableSortedSet<SiteId>.Empty, (all, list) => all.Union(list.Sites)).Count)
            : new Matching(lists, spread.Sites).Size;
        // A piece that may be anywhere finds a site of its own where there is one left.
        return Math.Min(bound + free, sites?.Count ?? int.MaxValue);
    }

    // Halves the way as it goes.
    private VmId RootOf(VmId vm)
    {
        while (parents.TryGetValue(vm, out var parent) && parent != vm)
        {
            vm = parents[vm] = parents.GetValueOrDefault(parent, parent);
        }

        return vm;
    }

    /// <summary>As many sites as can be given to pieces, one each, out of those that each may be at: augmenting paths, up to a number that is enough.</summary>
    private sealed class Matching
    {
        private readonly Dictionary<SiteId, int> takenBy = [];
        private readonly List<(ImmutableSortedSet<SiteId> Sites, int Count)> lists;

        public Matching(List<(ImmutableSortedSet<SiteId> Sites, int Count)> lists, int enough)
        {
            this.lists = lists;
            for (var list = 0; list < lists.Count; list++)
            {
                // Where one piece of a list finds no site, neither does the next.
                for (var piece = 0; piece < lists[list].Count && Size < enough && Take(list, []); piece++)
                {
                    Size++;
                }
            }
        }

        public int Size { get; private set; }

        private bool Take(int list, HashSet<SiteId> tried)
        {
            foreach (var site in lists[list].Sites)
            {
                if (tried.Add(site) && (!takenBy.TryGetValue(site, out var other) || Take(other, tried)))
                {
                    takenBy[site] = list;
                    return true;
                }
            }

            return false;
        }
    }
}
