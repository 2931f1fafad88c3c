namespace Federation.Planning.Search;

/// <summary>Large-neighbourhood search: takes some VMs out, seats them again one by one, and keeps what is not worse.</summary>
internal sealed class Rebuilding(Walk walk, Clusters clusters, SiteRanking ranking, OfferOrder offers, Gathering gathering, Descent descent)
{
    private const int MostVms = 40;
    private const int SitesForAll = 3;

    private readonly List<int> victims = [];
    private readonly HashSet<int> chosen = [];

    /// <summary>Rebuilds parts while so much work lasts.</summary>
    /// <param name="work">How much.</param>
    /// <param name="slack">By how much a rebuilt placement may be worse and is still kept.</param>
    public void Run(long work, double slack)
    {
        var start = walk.Budget.Done;
        while (!walk.Budget.IsOver && walk.Budget.Done - start < work)
        {
            walk.Budget.Spend(1);
            Choose();
            Rebuild(slack * -Math.Log(1 - walk.Dice.Share()));
        }
    }

    private void Choose()
    {
        victims.Clear();
        chosen.Clear();
        var most = 2 + walk.Dice.Next(Math.Clamp(walk.Model.VmCount / 2, 1, MostVms));
        var kind = walk.Dice.Next(4);
        if (kind == 0)
        {
            ChooseAt(walk.Live.Sites[walk.Dice.Next(walk.Model.VmCount)], most);
        }
        else
        {
            ChooseAround(kind < 3 ? walk.Live.SlowestVm : walk.Dice.Next(walk.Model.VmCount), most);
        }
    }

    // VMs of one site, from anywhere in the list on.
    private void ChooseAt(int site, int most)
    {
        var first = walk.Dice.Next(walk.Model.VmCount);
        for (var i = 0; i < walk.Model.VmCount && victims.Count < most; i++)
        {
            var vm = (first + i) % walk.Model.VmCount;
            if (walk.Live.Sites[vm] == site)
            {
                Add(vm);
            }
        }
    }

    // A VM's cluster, or it and those with whom it talks, and with whom those talk.
    private void ChooseAround(int vm, int most)
    {
        if (clusters.Levels > 0 && walk.Dice.Chance(0.5))
        {
            foreach (var other in clusters.Of(vm, walk.Dice.Next(clusters.Levels)))
            {
                if (victims.Count < most)
                {
                    Add(other);
                }
            }
        }

        Add(vm);
        for (var i = 0; i < victims.Count && victims.Count < most; i++)
        {
            foreach (ref readonly var edge in walk.Model.Graph.Of(victims[i]))
            {
                if (victims.Count < most)
                {
                    Add(edge.Vm);
                }
            }
        }
    }

    private void Add(int vm)
    {
        if (chosen.Add(vm))
        {
            victims.Add(vm);
        }
    }

    private void Rebuild(double slack)
    {
        var before = walk.Now;
        foreach (var vm in victims)
        {
            walk.Move(vm, walk.Live.Nowhere);
        }

        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(victims);
        if (walk.Dice.Chance(0.3))
        {
            var floor = walk.Dice.Next(offers.Floors);
            var sites = ranking.Top(walk, all, floor, SitesForAll);
            if (sites.Length > 0)
            {
                gathering.To(all, sites[walk.Dice.Next(sites.Length)], floor, reseat: false);
            }
        }

        walk.Dice.Shuffle(all);
        foreach (var vm in all)
        {
            var (seat, _) = descent.BestSeat(vm, walk.Live.Seats[vm] == walk.Live.Nowhere ? double.PositiveInfinity : walk.Now);
            if (seat >= 0)
            {
                walk.Move(vm, seat);
            }
            else if (walk.Live.Seats[vm] == walk.Live.Nowhere)
            {
                walk.Move(vm, walk.Dice.Of<int>(walk.Model.Candidates[vm]));
            }
        }

        if (walk.Now <= before + slack)
        {
            walk.Commit();
        }
        else
        {
            walk.Undo();
        }
    }
}
