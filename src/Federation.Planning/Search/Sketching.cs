using Federation.Planning.Live;

namespace Federation.Planning.Search;

/// <summary>Finds a site for every VM by annealing on a <see cref="Sketch"/>: sets of VMs that belong together first, then each VM for itself.</summary>
internal sealed class Sketching(Sketch sketch, WorkBudget budget, Dice dice)
{
    private const int TriesBetweenTemperatures = 256;
    private const int Samples = 200;
    private const int PartnersToTry = 4;
    private const double HotOfSets = 4;
    private const double HotOfSingle = 0.1;
    private const double Cold = 1e-3;
    private const double ShareOfSwaps = 0.2;
    private const double ShareToPeers = 0.85;

    private readonly List<int[]> units = [];
    private Occupants at = new(1, 0);
    private double temperature;

    /// <summary>Places all of them within what the sites hold, as far as that is found.</summary>
    /// <param name="sets">Disjoint sets of all VMs.</param>
    /// <param name="work">How much work to spend.</param>
    public void Run(int[][] sets, long work)
    {
        Seat(sets);
        var rise = Anneal(work * 3 / 4, HotOfSets, double.PositiveInfinity);
        units.Clear();
        units.AddRange(Communities.Single(sketch.Sites.Length));
        Anneal(work / 4, HotOfSingle, rise);
    }

    // The largest first, each where it is best of where there is room; what fits nowhere as a whole is taken apart.
    private void Seat(int[][] sets)
    {
        units.Clear();
        sketch.Plan([.. Enumerable.Range(0, sketch.Sites.Length)], sketch.Nowhere);
        sketch.Planned();
        sketch.Make();
        var waiting = sets.ToArray();
        dice.Shuffle<int[]>(waiting);
        foreach (var set in waiting.OrderByDescending(set => set.Length))
        {
            if (SeatAtBest(set, anyRoom: false))
            {
                units.Add(set);
                continue;
            }

            foreach (var vm in set)
            {
                if (!SeatAtBest([vm], anyRoom: false))
                {
                    SeatAtBest([vm], anyRoom: true);
                }

                units.Add([vm]);
            }
        }
    }

    private bool SeatAtBest(int[] set, bool anyRoom)
    {
        var (best, lowest) = (-1, double.PositiveInfinity);
        for (var site = 0; site < sketch.Nowhere; site++)
        {
            if (Allows(set, site))
            {
                sketch.Plan(set, site);
                var energy = anyRoom || sketch.Room.IsWithin(site) ? Planned(set) : double.PositiveInfinity;
                (best, lowest) = energy < lowest ? (site, energy) : (best, lowest);
                sketch.Forget();
            }
        }

        if (best >= 0)
        {
            sketch.Plan(set, best);
            Planned(set);
            sketch.Make();
        }

        return best >= 0;
    }

    // Temperatures are in what a step raises the energy by, often; that is what comes back. Single VMs of a set hold together so much that most of
    // their own steps would raise it far more: what was reached with sets is not to be lost again.
    private double Anneal(long work, double hot, double mostRise)
    {
        sketch.Hold(units);
        at = new(sketch.Nowhere + 1, units.Count);
        at.Load([.. units.Select(unit => sketch.Sites[unit[0]])]);
        var rise = Math.Min(mostRise, TypicalRise());
        var (start, tries) = (budget.Done, 0);
        while (!budget.IsOver && budget.Done - start < work)
        {
            if (tries++ % TriesBetweenTemperatures == 0)
            {
                temperature = rise * hot * Math.Pow(Cold / hot, (budget.Done - start) / (double)work);
                sketch.Refresh();
            }

            budget.Spend(1);
            Step(dice.Next(units.Count), keep: true);
        }

        return rise;
    }

    private double TypicalRise()
    {
        var rises = new List<double>();
        for (var i = 0; i < Samples; i++)
        {
            if (Step(dice.Next(units.Count), keep: false) is var rise and > 0)
            {
                rises.Add(rise);
            }
        }

        rises.Sort();
        return rises.Count == 0 ? 1e-9 : rises[rises.Count / 4];
    }

    // Sends a set to where one of its peers is, or anywhere; where there is no room, another one comes the other way.
    private double Step(int number, bool keep)
    {
        var unit = units[number];
        var (from, to) = (sketch.Sites[unit[0]], Wanted(unit));
        if (to == from || !Allows(unit, to))
        {
            return 0;
        }

        sketch.Plan(unit, to);
        var partner = -1;
        if (!sketch.Room.IsWithin(to) || (dice.Chance(ShareOfSwaps) && at.At(to).Count > 0))
        {
            partner = Partner(unit, from, to);
            if (partner < 0)
            {
                sketch.Forget();
                return 0;
            }
        }

        var rise = Planned(unit) - sketch.Energy;
        budget.Spend(partner < 0 ? 0 : CostOf(units[partner]));
        if (!keep || (rise > 0 && dice.Share() >= Math.Exp(-rise / temperature)))
        {
            sketch.Forget();
            return rise;
        }

        sketch.Make();
        at.Apply(number, from, to);
        if (partner >= 0)
        {
            at.Apply(partner, to, from);
        }

        return rise;
    }

    private int Partner(int[] unit, int from, int to)
    {
        var there = at.At(to);
        for (var i = 0; i < PartnersToTry && there.Count > 0; i++)
        {
            var partner = there[dice.Next(there.Count)];
            if (Allows(units[partner], from))
            {
                sketch.Plan(units[partner], from);
                if (sketch.Room.IsWithin(from) && sketch.Room.IsWithin(to))
                {
                    return partner;
                }

                sketch.Forget();
                sketch.Plan(unit, to);
            }
        }

        return -1;
    }

    private int Wanted(int[] unit)
    {
        if (dice.Chance(ShareToPeers) && sketch.PeerOf(unit[dice.Next(unit.Length)], dice.Next(1 << 20)) is var peer and >= 0)
        {
            return sketch.Sites[peer];
        }

        return dice.Next(sketch.Nowhere);
    }

    private bool Allows(int[] set, int site)
    {
        foreach (var vm in set)
        {
            if (site == sketch.Nowhere || !sketch.Allows(vm, site))
            {
                return false;
            }
        }

        return true;
    }

    private double Planned(int[] unit)
    {
        budget.Spend(CostOf(unit));
        return sketch.Planned();
    }

    private int CostOf(int[] unit)
    {
        var peers = 0;
        foreach (var vm in unit)
        {
            peers += sketch.Degree(vm);
        }

        return 1 + unit.Length + peers;
    }
}
