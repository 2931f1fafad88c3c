namespace Federation.Planning.Live;

/// <summary>Which VMs are at each site, to draw one of them in O(1).</summary>
internal sealed class Occupants
{
    private readonly List<int>[] at;
    private readonly int[] place;

    /// <summary>Nobody anywhere.</summary>
    public Occupants(int sites, int vms)
    {
        at = [.. Enumerable.Range(0, sites).Select(_ => new List<int>())];
        place = new int[vms];
    }

    /// <summary>The VMs at a site, in no order.</summary>
    public List<int> At(int site) => at[site];

    /// <summary>Reads where every VM is.</summary>
    public void Load(int[] sites)
    {
        foreach (var list in at)
        {
            list.Clear();
        }

        for (var vm = 0; vm < sites.Length; vm++)
        {
            Add(vm, sites[vm]);
        }
    }

    /// <summary>Takes a move into account.</summary>
    public void Apply(int vm, int from, int to)
    {
        if (from != to)
        {
            var list = at[from];
            var last = list[^1];
            (list[place[vm]], place[last]) = (last, place[vm]);
            list.RemoveAt(list.Count - 1);
            Add(vm, to);
        }
    }

    private void Add(int vm, int site)
    {
        place[vm] = at[site].Count;
        at[site].Add(vm);
    }
}
