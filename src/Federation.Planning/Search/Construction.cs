using Federation.Planning.Live;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>Placements to begin with, and their refinement from coarse to fine.</summary>
internal sealed class Construction(Walk walk, Clusters clusters, int[][] groups, SiteRanking ranking, OfferOrder offers, Gathering gathering, LinkFactors links)
{
    private const int SitesToTry = 4;

    private int[][]? sets;

    private CostModel Model => walk.Model;

    /// <summary>Every VM where it is, as far as it may be there; null if no VM is anywhere.</summary>
    public int[]? Staying() => Model.Problem.CurrentSeats.All(seat => seat < 0)
        ? null
        : [.. Model.Problem.CurrentSeats.Select((seat, vm) => seat >= 0 && Model.Choices[vm].Allows(seat) ? seat : Model.Candidates[vm][0])];

    /// <summary>Each VM at any of its candidates.</summary>
    public int[] AtRandom() => [.. Model.Candidates.Select(seats => walk.Dice.Of<int>(seats))];

    /// <summary>Moves as many as can be to one site. Committed.</summary>
    public void AllAt(int site, int floor)
    {
        gathering.To(Enumerable.Range(0, Model.VmCount).ToArray(), site, floor, reseat: true);
        walk.Commit();
    }

    /// <summary>
    /// Takes everything out, finds sites for all on a sketch, and gives each VM the first offer there in order that has room, or the first. Committed.
    /// </summary>
    /// <param name="floor">How fast offers are to be.</param>
    /// <param name="work">What to spend on the sketch.</param>
    public void Sketched(int floor, long work)
    {
        var sketch = new Sketch(Model, links, offers, floor);
        var most = Enumerable.Range(0, Model.SiteCount).Average(site => Math.Min(sketch.Room.MostVms(site), Model.VmCount));
        sets ??= Communities.Of(Model, Math.Max(1, (int)most), walk.Dice.Next(int.MaxValue));
        new Sketching(sketch, walk.Budget, walk.Dice).Run(sets, work);
        walk.Live.Load([.. Enumerable.Repeat(walk.Live.Nowhere, Model.VmCount)]);
        walk.Remeasure();
        for (var vm = 0; vm < Model.VmCount; vm++)
        {
            gathering.To([vm], sketch.Sites[vm], floor, reseat: true);
        }

        walk.Commit();
    }

    /// <summary>
    /// Takes everything out and seats it again, the largest clusters of a level first. Committed; false, with VMs left nowhere, if the work
    /// is over before.
    /// </summary>
    public bool Anew(int level, int floor)
    {
        var nowhere = new int[Model.VmCount];
        Array.Fill(nowhere, walk.Live.Nowhere);
        walk.Live.Load(nowhere);
        walk.Remeasure();
        var parts = PartsOf(level).ToArray();
        walk.Dice.Shuffle<int[]>(parts);
        foreach (var part in parts.OrderByDescending(part => part.Length))
        {
            if (walk.Budget.IsOver)
            {
                return false;
            }

            Place(part, floor);
        }

        walk.Commit();
        return true;
    }

    /// <summary>From the coarsest level to the finest, moves each cluster to where it is better. Committed.</summary>
    public void Refine()
    {
        for (var level = clusters.Levels - 1; level >= 0; level--)
        {
            for (var round = 0; round < 2 && RefineAt(level); round++)
            {
            }
        }
    }

    private bool RefineAt(int level)
    {
        var improved = false;
        var parts = PartsOf(level).ToArray();
        walk.Dice.Shuffle<int[]>(parts);
        foreach (var part in parts)
        {
            if (walk.Budget.IsOver)
            {
                return false;
            }

            improved |= Better(part);
        }

        return improved;
    }

    private bool Better(int[] part)
    {
        var floor = walk.Dice.Next(offers.Floors);
        var (best, before) = (-1, walk.Now);
        var lowest = before;
        foreach (var site in ranking.Top(walk, part, floor, SitesToTry).ToArray())
        {
            gathering.To(part, site, floor, reseat: false);
            (best, lowest) = Walk.IsLower(walk.Now, lowest) ? (site, walk.Now) : (best, lowest);
            walk.Undo();
        }

        if (best < 0)
        {
            return false;
        }

        gathering.To(part, best, floor, reseat: false);
        walk.Commit();
        return true;
    }

    private void Place(int[] part, int floor)
    {
        var (best, lowest) = (-1, double.PositiveInfinity);
        foreach (var site in ranking.Top(walk, part, floor, SitesToTry).ToArray())
        {
            gathering.To(part, site, floor, reseat: true);
            (best, lowest) = walk.Now < lowest ? (site, walk.Now) : (best, lowest);
            walk.Undo();
        }

        if (best >= 0)
        {
            gathering.To(part, best, floor, reseat: true);
        }

        gathering.Anywhere(part);
        walk.Settle();
    }

    private IEnumerable<int[]> PartsOf(int level) => level < 0
        ? Enumerable.Range(0, Model.VmCount).Select(vm => new[] { vm })
        : level < clusters.Levels ? clusters.At(level)
        : groups;
}
