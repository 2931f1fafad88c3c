using Federation.Planning.Model;

namespace Federation.Planning.Live;

/// <summary>By how many sites a placement misses the rules of affinity, move by move.</summary>
internal sealed class AffinityUse
{
    private readonly int width;
    private readonly int nowhere;
    private readonly Rule[] rules;
    private readonly int[][] rulesOf;
    private readonly int[] vmsAt;
    private readonly int[] sites;

    /// <summary>Reads the rules.</summary>
    public AffinityUse(CostModel model, LinkFactors links)
    {
        (width, nowhere) = (links.Width, links.Nowhere);
        rules = [.. model.Problem.Together.Select(vms => new Rule(vms.AsSpan().ToArray(), 1, int.MinValue, int.MaxValue)),
            .. model.Problem.Apart.Select(apart => new Rule(apart.Vms.AsSpan().ToArray(), int.MaxValue, apart.Sites, apart.MostAtOne))];
        var named = new List<int>[model.VmCount];
        for (var rule = 0; rule < rules.Length; rule++)
        {
            foreach (var vm in rules[rule].Vms)
            {
                (named[vm] ??= []).Add(rule);
            }
        }

        rulesOf = [.. named.Select(list => list?.ToArray() ?? [])];
        vmsAt = new int[rules.Length * width];
        sites = new int[rules.Length];
    }

    /// <summary>Every site too many, every site too few and every VM too many at one site weighs 1.</summary>
    public int Excess { get; private set; }

    /// <summary>Counts a placement anew. O(VMs named).</summary>
    public void Load(int[] siteOf)
    {
        Array.Clear(vmsAt);
        Array.Clear(sites);
        for (var rule = 0; rule < rules.Length; rule++)
        {
            foreach (var vm in rules[rule].Vms)
            {
                Change(rule, siteOf[vm], 1);
            }
        }

        Excess = rules.Select((rule, i) => rule.Excess(sites[i])).Sum();
        for (var cell = 0; cell < vmsAt.Length; cell++)
        {
            Excess += Math.Max(0, vmsAt[cell] - rules[cell / width].MostAtOne);
        }
    }

    /// <summary>The excess if a VM went from one site to another. O(rules that name it).</summary>
    public int After(int vm, int from, int to)
    {
        var excess = Excess;
        if (from != to)
        {
            foreach (var rule in rulesOf[vm])
            {
                var then = sites[rule]
                    - (from != nowhere && vmsAt[(rule * width) + from] == 1 ? 1 : 0)
                    + (to != nowhere && vmsAt[(rule * width) + to] == 0 ? 1 : 0);
                excess += rules[rule].Excess(then) - rules[rule].Excess(sites[rule])
                    - (from != nowhere && vmsAt[(rule * width) + from] > rules[rule].MostAtOne ? 1 : 0)
                    + (to != nowhere && vmsAt[(rule * width) + to] >= rules[rule].MostAtOne ? 1 : 0);
            }
        }

        return excess;
    }

    /// <summary>Takes a move into account.</summary>
    public void Apply(int vm, int from, int to)
    {
        Excess = After(vm, from, to);
        foreach (var rule in rulesOf[vm])
        {
            Change(rule, from, -1);
            Change(rule, to, 1);
        }
    }

    private void Change(int rule, int site, int count)
    {
        if (site == nowhere)
        {
            return;
        }

        ref var here = ref vmsAt[(rule * width) + site];
        sites[rule] += (here == 0 ? 1 : 0) - (here + count == 0 ? 1 : 0);
        here += count;
    }

    private sealed record Rule(int[] Vms, int MostSites, int LeastSites, int MostAtOne)
    {
        public int Excess(int sites) => sites > MostSites ? sites - MostSites : sites < LeastSites ? LeastSites - sites : 0;
    }
}
