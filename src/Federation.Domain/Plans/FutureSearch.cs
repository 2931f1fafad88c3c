using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Clocks;
using Federation.Domain.Estimation;
using Federation.Domain.Sites;

namespace Federation.Domain.Plans;

/// <summary>Looks for the best sequence of placements over the instants of known events: now, and at each event or just in time before it.</summary>
/// <remarks>
/// A label is a course so far: under which placement it is since when, what is left of the run, what it has cost. Labels are extended event by event
/// and dropped where their least cost to the end is no better than a course that is known, or where another one at the same placement is as far for
/// no more. Complete unless there are too many labels. Source of the scheme: label setting for shortest paths with resources, Irnich and Desaulniers 2005.
/// </remarks>
internal sealed class FutureSearch
{
    private const double Tolerance = 1e-9;

    // VMs and pairs that are gone through, over all problems that are looked at.
    private const long MostWork = 600_000;
    private const int FewestLooks = 16;
    private const int LabelsPerLook = 10;

    // A placement that many courses come to makes each new one be held against all of them.
    private const int ComparisonsPerLabel = 60;

    private readonly PlacementProblem problem;
    private readonly FutureWorld world;
    private readonly FutureBound bound;
    private readonly ImmutableArray<FutureInstant> instants;
    private readonly int mostLabels;
    private readonly bool mayDominate;
    private readonly double limit;
    private readonly double budget;
    private readonly List<Label>[] labels;
    private (double First, double Second) best = (double.PositiveInfinity, double.PositiveInfinity);
    private readonly int mostLooks;
    private int made;
    private long compared;

    /// <summary>Prepares a search.</summary>
    /// <param name="problem">The problem, at the moment of planning.</param>
    /// <param name="world">The placements that are gone through.</param>
    /// <param name="instants">When something happens, earliest first.</param>
    /// <param name="mostLabels">After so many labels it ends, and is not complete.</param>
    public FutureSearch(PlacementProblem problem, FutureWorld world, ImmutableArray<FutureInstant> instants, int mostLabels)
    {
        (this.problem, this.world, this.instants, this.mostLabels) = (problem, world, instants, mostLabels);
        mostLooks = (int)Math.Clamp(MostWork / (problem.VmCount + problem.Inflows.Sum(flows => flows.Length)), FewestLooks, Math.Max(FewestLooks, mostLabels / LabelsPerLook));
        bound = new(problem, world, instants);
        limit = PlacementRules.TimeLimitSeconds(problem) * (1 + Tolerance);
        budget = problem.View.Application.Budget is { } most ? (double)most * (1 + Tolerance) : double.PositiveInfinity;
        // Who has used less of a quota of hours may do more later, whatever it cost him.
        mayDominate = problem.Sites.All(site => site.QuotaFor(problem.View.Application.Tenant)?.CoreHours is null);
        labels = [.. world.Places.Select(_ => new List<Label>())];
    }

    /// <summary>Whether all sequences were gone through.</summary>
    public bool IsComplete => made < mostLabels && world.Looks < mostLooks && compared < mostLabels * (long)ComparisonsPerLabel;

    /// <summary>The stops of the courses found, the best one last; each was the best when it was found.</summary>
    public List<List<Stop>> Found { get; } = [];

    /// <summary>Runs it.</summary>
    /// <param name="known">The objective and what breaks its tie of a course that is known: only what is better is looked for; null: any.</param>
    /// <param name="cancel">Ends it.</param>
    public void Run((double First, double Second)? known, CancellationToken cancel)
    {
        best = known ?? best;
        for (var place = 0; place < world.Places.Length; place++)
        {
            if (world.FromNow(place) is { } way)
            {
                Add(First(way));
            }
        }

        // What has ended by an earlier instant can be followed by what begins, or ends, at a later one.
        foreach (var (instant, before) in instants.SelectMany(instant => new[] { (instant, true), (instant, false) }).OrderBy(slot => slot.Item2 ? slot.instant.Until : slot.instant.At))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var label in labels.SelectMany(all => all).ToList())
            {
                for (var to = 0; to < world.Places.Length && IsComplete; to++)
                {
                    if (to != label.Place && Next(label, instant, to, before) is { } next)
                    {
                        Add(next);
                    }
                }
            }
        }
    }

    private Label First(Way way) => new()
    {
        Place = way.To, At = 0, Share = 1, Delay = way.Delay, Ready = way.Seconds, Closed = way.Money, Since = new double[problem.VmCount],
        Came = [.. Enumerable.Range(0, problem.VmCount).Select(vm => problem.Arrives(vm, problem.Seats[world.Places[way.To][vm]]))],
    };

    // Moves that begin at the event, or have ended just before it.
    private Label? Next(Label label, FutureInstant instant, int to, bool before)
    {
        var length = before ? world.Length(label.Place, to) : 0;
        var at = before ? instant.Until - length : instant.At;
        if (!(at > label.At && at > 0 && at >= label.Ready) || at >= End(label) || (before && length == 0) || !CouldBeBetter(label, at)
            || world.Between(at, label.Place, to) is not { } way || (before && way.Seconds > length + 1e-6)
            || !Stays(label, at, way))
        {
            return null;
        }

        var next = new Label
        {
            Before = label, Place = to, At = at, Delay = way.Delay, Ready = at + way.Seconds,
            Share = label.Share - ShareDone(label, at), Since = [.. label.Since], Came = [.. label.Came],
            Closed = label.Closed + way.Money + (ShareDone(label, at) * world.Terms[label.Place].Traffic),
            Preference = PreferenceAt(label, at),
        };
        foreach (var move in way.Moves)
        {
            next.Closed += Hosting(label, move.Leg.Vm, at);
            (next.Since[move.Leg.Vm], next.Came[move.Leg.Vm]) = (at, problem.Seats[move.Leg.From].SiteIndex != problem.Seats[move.Leg.To].SiteIndex);
        }

        return next;
    }

    // Without what the moves cost: looking at these takes far longer.
    private bool CouldBeBetter(Label label, double at)
    {
        var least = bound.Of(at, ShareAt(label, at), 0);
        var money = Carried(label, at) + least.Money;
        return least.End <= limit && money <= budget && IsBetter(ValueOf(money + PreferenceAt(label, at) + least.Preference, least.End));
    }

    private void Add(Label label)
    {
        made++;
        var least = bound.Of(label.At, label.Share, label.Delay);
        var open = Enumerable.Range(0, problem.VmCount).Sum(vm => Seat(label, vm).Offer.Price.KnownOver(problem.View.Now.After(label.Since[vm]), label.At - label.Since[vm]));
        var spent = label.Closed + open;
        if (least.End > limit || spent + least.Money > budget || !IsBetter(ValueOf(spent + least.Money + label.Preference + least.Preference, least.End)) || (mayDominate && IsDominated(label, spent)))
        {
            return;
        }

        label.Spent = spent;
        labels[label.Place].Add(label);
        Finish(label);
    }

    // Every course may end under the placement that it has come to, if that holds.
    private void Finish(Label label)
    {
        var end = End(label);
        var cost = label.Closed + (label.Share * world.Terms[label.Place].Traffic) + Enumerable.Range(0, problem.VmCount).Sum(vm => Hosting(label, vm, end));
        var value = ValueOf(cost + label.Preference + (label.Share * world.Terms[label.Place].Preference), end);
        if (end <= limit && cost <= budget && IsBetter(value) && StaysUntil(label, end * (1 - Tolerance)) && HoldsHours(label, end))
        {
            best = value;
            Found.Add(StopsOf(label));
        }
    }

    private bool IsDominated(Label label, double spent)
    {
        foreach (var other in labels[label.Place])
        {
            compared++;
            // The rounding of stays that are open may yet make up for so much.
            if (other.At <= label.At && other.Ready <= label.Ready && other.At + other.Delay <= label.At + label.Delay
                && ShareAt(other, label.At) <= label.Share && StaysUntil(other, label.At) && bound.AtMost(other.Since, label.Since, other.Came, label.Came) is var slack
                && Carried(other, label.At) + slack is var carried && carried + PreferenceAt(other, label.At) <= spent + label.Preference && (carried <= spent || double.IsPositiveInfinity(budget)))
            {
                return true;
            }
        }

        return false;
    }

    // What it will have spent by then, staying where it is; moves count as made.
    private double Carried(Label label, double at) => label.Closed + ((label.Share - ShareAt(label, at)) * world.Terms[label.Place].Traffic)
        + Enumerable.Range(0, problem.VmCount).Sum(vm => Seat(label, vm).Offer.Price.KnownOver(problem.View.Now.After(label.Since[vm]), at - label.Since[vm]));

    // What counts besides money by then.
    private double PreferenceAt(Label label, double at) => label.Preference + (ShareDone(label, at) * world.Terms[label.Place].Preference);

    private (double First, double Second) ValueOf(double weighed, double end) => problem.View.Application.Objective == Objective.Time ? (end, weighed) : (weighed, end);

    private double ShareAt(Label label, double at) => label.Share - ShareDone(label, at);

    private double ShareDone(Label label, double at) => Math.Clamp((at - label.At - label.Delay) / world.Terms[label.Place].RunSeconds, 0, label.Share);

    private double End(Label label) => label.At + label.Delay + (label.Share * world.Terms[label.Place].RunSeconds);

    private double Hosting(Label label, int vm, double until)
    {
        var seat = Seat(label, vm);
        return seat.Offer.Price.KnownOver(
            problem.View.Now.After(label.Since[vm]), seat.Site.Billing.BilledSeconds(until - label.Since[vm], label.Came[vm]));
    }

    private Seat Seat(Label label, int vm) => problem.Seats[world.Places[label.Place][vm]];

    private bool Stays(Label label, double at, Way way) =>
        StaysUntil(label, at) && way.Moves.All(move => Left(problem.Seats[move.Leg.From].Site, label.At) >= at + move.EndSeconds - label.At - 1e-6);

    private bool StaysUntil(Label label, double until) =>
        world.Places[label.Place].Select(seat => problem.Seats[seat].Site).Distinct().All(site => Left(site, label.At) >= until - label.At - 1e-6)
        && PlacementRules.CheckRate(problem, world.Places[label.Place], label.At, until).IsFeasible;

    private double Left(Site site, double at) => site.AvailableUntil(problem.View.Now.After(at)) switch
    {
        null => 0,
        { } until when until == DateTimeOffset.MaxValue => double.PositiveInfinity,
        { } until => (until - problem.View.Now).TotalSeconds - at,
    };

    private bool HoldsHours(Label label, double end)
    {
        if (mayDominate)
        {
            return true;
        }

        var seconds = new double[problem.Sites.Length];
        var until = end;
        for (var part = label; part is not null; part = part.Before)
        {
            foreach (var seat in world.Places[part.Place])
            {
                seconds[problem.Seats[seat].SiteIndex] += problem.Seats[seat].Offer.Vcpus * (until - part.At);
            }

            until = part.At;
        }

        return problem.Sites.Select((site, i) => site.QuotaFor(problem.View.Application.Tenant)?.CoreHours is not { } most || seconds[i] == 0
            || PlacementRules.CoreHours(problem, site, 1, seconds[i]) <= most * (1 + Tolerance)).All(holds => holds);
    }

    private List<Stop> StopsOf(Label label)
    {
        var stops = new List<Stop>();
        for (var part = label; part is not null; part = part.Before)
        {
            stops.Insert(0, new(part.At, world.Places[part.Place]));
        }

        return stops;
    }

    private bool IsBetter((double First, double Second) value) =>
        !Same(value.First, best.First) ? value.First < best.First : !Same(value.Second, best.Second) && value.Second < best.Second;

    private static bool Same(double a, double b) => a == b || (double.IsFinite(a) && double.IsFinite(b) && Math.Abs(a - b) <= ObjectiveValue.Tolerance * Math.Max(Math.Abs(a), Math.Abs(b)));

    private sealed class Label
    {
        /// <summary>Where it came from; null: it begins with it.</summary>
        public Label? Before { get; init; }

        /// <summary>The placement since <see cref="At"/>.</summary>
        public required int Place { get; init; }

        /// <summary>When its moves began, in seconds from now.</summary>
        public required double At { get; init; }

        /// <summary>How much longer the run takes for these.</summary>
        public required double Delay { get; init; }

        /// <summary>When the last of them has ended.</summary>
        public required double Ready { get; init; }

        /// <summary>The share of the run that was left when they began.</summary>
        public required double Share { get; init; }

        /// <summary>All that is paid for certain: moves, traffic, and stays that are over.</summary>
        public required double Closed { get; set; }

        /// <summary>What counts besides money of the run that is done.</summary>
        public double Preference { get; init; }

        /// <summary>Since when each VM is at its site.</summary>
        public required double[] Since { get; init; }

        /// <summary>Whether it came there.</summary>
        public required bool[] Came { get; init; }

        /// <summary>The same with what the open stays have cost up to <see cref="At"/>, not rounded.</summary>
        public double Spent { get; set; }
    }
}
