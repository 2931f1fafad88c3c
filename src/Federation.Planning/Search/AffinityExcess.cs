using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>Counts by how many sites a placement misses the rules of affinity. Mutable, for one search at a time.</summary>
internal sealed class AffinityExcess(CostModel model)
{
    private readonly int[] lastRuleAt = new int[model.SiteCount];
    private int rule;

    /// <summary>Every site too many of VMs that belong together weighs 1, and so does every site too few of VMs to be spread. O(VMs named).</summary>
    public double Count(int[] assignment)
    {
        var excess = 0;
        foreach (var together in model.Problem.Together)
        {
            excess += SitesOf(assignment, together.AsSpan()) - 1;
        }

        foreach (var apart in model.Problem.Apart)
        {
            excess += Math.Max(0, apart.Sites - SitesOf(assignment, apart.Vms.AsSpan()));
        }

        return excess;
    }

    private int SitesOf(int[] assignment, ReadOnlySpan<int> vms)
    {
        rule++;
        var sites = 0;
        foreach (var vm in vms)
        {
            ref var last = ref lastRuleAt[model.SiteOf[assignment[vm]]];
            sites += last != rule ? 1 : 0;
            last = rule;
        }

        return sites;
    }
}
