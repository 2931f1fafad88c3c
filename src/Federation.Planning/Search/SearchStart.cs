using Federation.Domain.Applications;
using Federation.Planning.Live;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>One of a search's independent starts: everything that it does depends on the problem, the seed and its number alone.</summary>
internal sealed class SearchStart
{
    private const int Rounds = 24;
    private const double ShareOfAnnealing = 0.3;
    private const double ShareOfRebuilding = 0.3;
    private const double Slack = 0.02;
    private const int SketchesOfTotal = 10;
    private const int LeastClusters = 2;
    private const double SmoothnessOfRebuilding = 0.1;

    private readonly CostModel model;
    private readonly int number;
    private readonly bool sketches;
    private readonly Walk walk;
    private readonly Clusters clusters;
    private readonly OfferOrder offers;
    private readonly Construction construction;
    private readonly Annealing annealing;
    private readonly Rebuilding rebuilding;
    private readonly Exchanging exchanging;
    private readonly Descent descent;

    /// <summary>Prepares a start.</summary>
    /// <param name="model">The problem.</param>
    /// <param name="links">Its links.</param>
    /// <param name="seed">Where chance comes from.</param>
    /// <param name="number">Which start, from 0.</param>
    /// <param name="budget">What it may spend.</param>
    /// <param name="peak">Whether it looks only for placements that every order of moves has room for.</param>
    public SearchStart(CostModel model, LinkFactors links, int seed, int number, WorkBudget budget, bool peak)
    {
        (this.model, this.number) = (model, number);
        var dice = new Dice(seed, number);
        Best = new(model);
        var live = new LivePlacement(model, links, peak);
        live.Load([.. model.Candidates.Select(seats => seats[0])]);
        walk = new(model, live, new(model, live.Now), budget, dice, Best);
        clusters = new(model, Math.Max(1, model.VmCount / LeastClusters), dice);
        offers = new(model);
        var ranking = new SiteRanking(model, links, offers);
        var gathering = new Gathering(walk, offers);
        var groups = Groups.Of(model);
        sketches = live.IsScarce && !peak && model.Problem.View.Application.Objective != Objective.Utilization;
        construction = new(walk, clusters, groups, ranking, offers, gathering, links);
        descent = new(walk, ranking, offers);
        annealing = new(walk, clusters, groups, gathering, offers);
        rebuilding = new(walk, clusters, ranking, offers, gathering, descent);
        exchanging = new(walk, clusters, offers, gathering, descent);
    }

    /// <summary>The best placement that it came by.</summary>
    public Best Best { get; }

    /// <summary>What it spent.</summary>
    public long Work => walk.Budget.Done;

    /// <summary>Searches until the work or the time is over.</summary>
    public void Run()
    {
        if (construction.Staying() is { } staying)
        {
            walk.Jump(staying);
        }

        if (model.VmCount <= SearchEffort.MostVmsForRounds)
        {
            RunRounds();
        }
        else
        {
            RunOnce();
        }
    }

    private void RunRounds()
    {
        var starts = Gathered();
        walk.Jump(starts[0]);
        walk.Energy.Rescale(walk.Live.Now);
        walk.Jump(starts[number % starts.Length]);
        descent.Run(int.MaxValue);
        var rise = annealing.TypicalRise();
        var slice = (walk.Budget.Total - walk.Budget.Done) / Rounds;
        for (var round = 0; !walk.Budget.IsOver; round++)
        {
            walk.Budget.Spend(1);
            Depart(round, starts);
            annealing.Run(new(Hot: rise * (round % 3 == 0 ? 3 : 1), Cold: rise * 1e-3), (long)(slice * ShareOfAnnealing));
            descent.Run(int.MaxValue);
            rebuilding.Run((long)(slice * ShareOfRebuilding), rise * Slack);
            descent.Run(int.MaxValue);
            exchanging.Run((long)(slice * (1 - ShareOfAnnealing - ShareOfRebuilding)), rise * Slack);
            Tighten();
        }
    }

    private void RunOnce()
    {
        if (!Begin())
        {
            return;
        }

        descent.Run(1);
        Tighten();
        var rise = annealing.TypicalRise();
        var left = walk.Budget.Total - walk.Budget.Done;
        annealing.Run(new(Hot: rise * 0.1, Cold: rise * 1e-3), left * 3 / 10);
        Tighten();
        ReturnToBest();
        walk.Energy.Smoothness = SmoothnessOfRebuilding;
        walk.Remeasure();
        rebuilding.Run((walk.Budget.Total - walk.Budget.Done) * 6 / 10, slack: 0);
        walk.Energy.Smoothness = 0;
        walk.Remeasure();
        ReturnToBest();
        rebuilding.Run(left, slack: 0);
    }

    // Where room is scarce on a sketch, otherwise from coarse to fine; false if the work is over before.
    private bool Begin()
    {
        var floor = number % offers.Floors;
        if (sketches)
        {
            construction.Sketched(floor, walk.Budget.Total * 4 / 5);
        }
        else if (!construction.Anew(LevelOf(model.SiteCount * 2), floor))
        {
            return false;
        }

        walk.Energy.Rescale(walk.Live.Now);
        walk.Remeasure();
        if (!sketches)
        {
            construction.Refine();
        }

        return !walk.Budget.IsOver;
    }

    // From the best so far, from what came second at the start, or from anywhere.
    private void Depart(int round, int[][] starts)
    {
        if (round % 2 == 1 || (round > 0 && Best.Assignment is null))
        {
            if (sketches && walk.Dice.Chance(0.5))
            {
                construction.Sketched(walk.Dice.Next(offers.Floors), walk.Budget.Total / SketchesOfTotal / Rounds);
            }
            else
            {
                walk.Jump(walk.Dice.Chance(0.5) ? construction.AtRandom() : walk.Dice.Of<int[]>(starts));
            }
        }
        else if (Best.Assignment is { } best)
        {
            walk.Jump(best);
        }
    }

    private void ReturnToBest()
    {
        if (Best.Assignment is { } best)
        {
            var here = walk.Live.Seats.ToArray();
            var energy = walk.Now;
            walk.Jump(best);
            if (walk.Now > energy)
            {
                walk.Jump(here);
            }
        }
    }

    private void Tighten()
    {
        if (walk.Best.Assignment is null)
        {
            walk.Energy.Tighten();
            walk.Remeasure();
        }
    }

    // Everything at one site, at every speed; clusters seated one after another; the best first.
    private int[][] Gathered()
    {
        var found = new List<(double Energy, int[] Assignment)> { (walk.Now, walk.Live.Seats.ToArray()) };
        for (var floor = 0; floor < offers.Floors && !walk.Budget.IsOver; floor++)
        {
            for (var site = 0; site < model.SiteCount && !walk.Budget.IsOver; site++)
            {
                construction.AllAt(site, floor);
                found.Add((walk.Now, walk.Live.Seats.ToArray()));
            }

            if (sketches)
            {
                construction.Sketched(floor, walk.Budget.Total / SketchesOfTotal / offers.Floors);
                found.Add((walk.Now, walk.Live.Seats.ToArray()));
            }

            for (var level = -1; level < clusters.Levels; level++)
            {
                if (construction.Anew(level, floor))
                {
                    found.Add((walk.Now, walk.Live.Seats.ToArray()));
                }
            }
        }

        return [.. found.OrderBy(start => start.Energy).Select(start => start.Assignment)];
    }

    // The finest level of so few clusters.
    private int LevelOf(int mostClusters)
    {
        var level = 0;
        while (level < clusters.Levels - 1 && clusters.At(level).Length > mostClusters)
        {
            level++;
        }

        return clusters.Levels == 0 ? -1 : level;
    }
}
