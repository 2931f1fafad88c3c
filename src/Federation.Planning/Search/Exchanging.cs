namespace Federation.Planning.Search;

/// <summary>Exchanges what is at some sites, or parts of it, as wholes, lets every VM find its best seat again, and keeps what is better.</summary>
/// <remarks>
/// Good placements differ in which group is at which site. From one to the other lead many steps, all but the last of which are worse: no walk by
/// single VMs, nor by one group at a time where room is scarce, goes that way.
/// </remarks>
internal sealed class Exchanging(Walk walk, Clusters clusters, OfferOrder offers, Gathering gathering, Descent descent)
{
    private const int MostParts = 3;
    private const int TriesForParts = 10;

    // Whether single VMs' seats make it worth a look at pairs, as a share of the energy.
    private const double Promising = 0.02;

    private readonly List<(int[] Vms, int At)> parts = [];

    /// <summary>Exchanges while so much work lasts.</summary>
    /// <param name="work">How much.</param>
    /// <param name="slack">By how much what comes out may be worse and is still kept.</param>
    public void Run(long work, double slack)
    {
        var start = walk.Budget.Done;
        while (!walk.Budget.IsOver && walk.Budget.Done - start < work)
        {
            walk.Budget.Spend(1);
            var (here, before) = (walk.Live.Seats.ToArray(), walk.Now);
            Choose(1 + walk.Dice.Next(MostParts));
            Exchange(walk.Dice.Next(offers.Floors));
            descent.Run(int.MaxValue, swaps: false);
            if (walk.Now < before + (Promising * Math.Abs(before)))
            {
                descent.Run(int.MaxValue);
            }

            if (walk.Now > before + (slack * -Math.Log(1 - walk.Dice.Share())))
            {
                walk.Jump(here);
            }
        }
    }

    // Of so many sites at most, all that is there, or what of a cluster is.
    private void Choose(int most)
    {
        parts.Clear();
        var level = clusters.Levels == 0 || walk.Dice.Chance(0.5) ? -1 : walk.Dice.Next(clusters.Levels);
        for (var tries = 0; parts.Count < most && tries < TriesForParts; tries++)
        {
            var vm = walk.Dice.Next(walk.Model.VmCount);
            var at = walk.Live.Sites[vm];
            if (parts.TrueForAll(part => part.At != at))
            {
                parts.Add((level < 0 ? [.. walk.Live.At(at)] : [.. clusters.Of(vm, level).Where(member => walk.Live.Sites[member] == at)], at));
            }
        }
    }

    // All go, then come, so that each finds the room that another left: to the next one's site, a single part to any. Committed.
    private void Exchange(int floor)
    {
        foreach (var vm in parts.SelectMany(part => part.Vms))
        {
            walk.Move(vm, walk.Live.Nowhere);
        }

        for (var i = 0; i < parts.Count; i++)
        {
            var to = parts.Count == 1 ? walk.Dice.Next(walk.Model.SiteCount) : parts[(i + 1) % parts.Count].At;
            gathering.To(parts[i].Vms, to, floor, reseat: true);
        }

        foreach (var (vms, _) in parts)
        {
            gathering.Anywhere(vms);
        }

        walk.Commit();
    }
}
