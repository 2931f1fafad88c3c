using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Clocks;
using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>The best course over what is known of the time to come: what is best now, against holding and moving at known events.</summary>
/// <remarks>
/// The placements that a solver finds for the world at the events that matter most are gone through, with those that are best now: good, and not proven.
/// Where there are few placements and few events, every sequence of placements at these instants is, which proves what it finds.
/// </remarks>
internal static class Futures
{
    private const int MostPlaces = 81;
    private const int MostInstants = 8;
    private const int LabelsPerSecond = 20_000;
    private const int MostLabels = 200_000;
    private const int MostVmsForFour = 64;
    private const double TimeForNow = 0.5;
    private const double TimeForEach = 0.12;

    /// <summary>What is known of the best course, and the course; null if none was found.</summary>
    public static (SolverAnswer Answer, Course? Best) Find(PlacementProblem problem, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
    {
        var view = problem.View;
        var instants = options.LooksAhead && view.Application.Objective != Objective.Utilization && view is { Wanted: null, Drain: null } ? InstantsOf(view) : [];
        var (answer, now) = new CourseSearch(problem, solver, instants.IsEmpty ? options : options with { TimeLimit = options.TimeLimit * TimeForNow }, cancel).Run();
        if (instants.IsEmpty || (now is null && problem.Candidates.Any(seats => seats.IsEmpty)))
        {
            return (answer, now);
        }

        // By the time that there is, and not by the clock: the same plan each time.
        var labels = (int)Math.Clamp(options.TimeLimit.TotalSeconds * LabelsPerSecond, LabelsPerSecond, MostLabels);
        // A good course first: what cannot be better than it need not be gone through.
        var some = new FutureWorld(problem, SomePlaces(problem, instants, now, solver, options with { TimeLimit = options.TimeLimit * TimeForEach }, cancel));
        var (good, _) = Better(new(problem, some, Telling(problem, instants, MostInstants), labels), now);
        if (instants.Length > MostInstants || AllPlaces(problem, instants) is not { } few)
        {
            return (Known(answer, good, isProven: false), good);
        }

        var whole = new FutureSearch(problem, new(problem, few), instants, labels);
        var (best, isAsFound) = Better(whole, good);
        return (Known(answer, best, whole.IsComplete && isAsFound), best);

        (Course? Best, bool IsAsFound) Better(FutureSearch search, Course? known)
        {
            search.Run(known is null ? null : Ranked(known.Outcome.Value), cancel);
            return Best(problem, search, known);
        }
    }

    // What is better was looked for only as far as events were gone through.
    private static SolverAnswer Known(SolverAnswer answer, Course? best, bool isProven) =>
        best is null ? answer with { Status = isProven ? PlanStatus.Infeasible : PlanStatus.Unknown, Assignment = [], Bound = null }
        : answer with { Status = isProven ? PlanStatus.Optimal : PlanStatus.Feasible, Assignment = [.. best.Outcome.Assignment], Bound = isProven ? best.Outcome.Value.Primary : null };

    // The best first; the last ones found are the best.
    private static (Course? Best, bool IsAsFound) Best(PlacementProblem problem, FutureSearch search, Course? known)
    {
        for (var i = search.Found.Count - 1; i >= 0; i--)
        {
            if (CourseOf(problem, search.Found[i]) is { } course)
            {
                return (known is null || course.Outcome.Value.IsBetterThan(known.Outcome.Value) ? course : known, i == search.Found.Count - 1);
            }
        }

        return (known, search.Found.Count == 0);
    }

    private static Course? CourseOf(PlacementProblem problem, List<Stop> stops) => stops.Count > 1 ? Itinerary.Build(problem, stops)
        : Evaluated.Of(problem, stops[0].Assignment) is { Verdict.IsFeasible: true } placed ? Course.To(problem, placed)
        : null;

    private static (double First, double Second) Ranked(ObjectiveValue value) => (value.Primary, value.Secondary);

    private static ImmutableArray<FutureInstant> InstantsOf(PlacementView view)
    {
        // A run takes longer elsewhere than where it is: so far, within reason.
        var until = view.Application.Remaining > TimeSpan.FromDays(3650) ? DateTimeOffset.MaxValue : view.Now + (2 * view.Application.Remaining);
        return
        [
            .. KnownEvents.Of(view, until).Select(known => (known.At, Early: known.Kind == KnownEventKind.SiteCloses ? view.LeaveEarlySeconds : 0))
                .Concat(KnownEvents.EndsOfQuiet(view, until).Select(at => (At: at, Early: 0.0))).GroupBy(known => (known.At - view.Now).TotalSeconds)
                .Select(at => new FutureInstant(at.Key, at.Key - at.Max(known => known.Early))).OrderBy(instant => instant.At),
        ];
    }

    // Every placement on the seats that each VM could ever have; null: too many.
    private static IEnumerable<int[]>? AllPlaces(PlacementProblem problem, ImmutableArray<FutureInstant> instants)
    {
        var seats = problem.CurrentSeats.Select(seat => seat == PlacementProblem.Nowhere ? new SortedSet<int>() : [seat]).ToArray();
        foreach (var at in instants.SelectMany(instant => new[] { instant.At, instant.At - 1 }).Prepend(0).Where(at => at >= 0))
        {
            var then = FutureWorld.Unplaced(problem, at);
            for (var vm = 0; vm < seats.Length; vm++)
            {
                seats[vm].UnionWith(then.Candidates[vm]);
            }
        }

        return seats.Aggregate(1.0, (count, choice) => count * choice.Count) > MostPlaces ? null : seats.Aggregate(
            (IEnumerable<int[]>)[[]], (places, choice) => places.SelectMany(place => choice.Select(seat => (int[])[.. place, seat])));
    }

    private static List<int[]> SomePlaces(
        PlacementProblem problem, ImmutableArray<FutureInstant> instants, Course? now, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
    {
        var places = new List<int[]>();
        Add(problem.IsPlaced ? [.. problem.CurrentSeats] : null);
        Add(now?.Outcome.Assignment);
        for (var later = now?.Departure; later is not null; later = later.Then)
        {
            Add(later.Assignment);
        }

        foreach (var instant in places.Count == 0 ? [] : Telling(problem, instants, problem.VmCount <= MostVmsForFour ? 4 : 2))
        {
            var then = new PlacementProblem(problem.View with
            {
                Now = problem.View.Now.After(instant.At),
                Work = problem.Work,
                CoolingDown = problem.View.CoolingDown.Clear(),
                Application = problem.View.Application with
                {
                    Vms = [.. problem.View.Application.Vms.Select((vm, i) => vm with { At = problem.Seats[places[0][i]].Location })],
                },
            });
            var answer = then.Candidates.Any(seats => seats.IsEmpty) ? null : solver.Solve(then.Relaxed(), options, cancel);
            Add(answer is { Assignment.IsEmpty: false } ? [.. answer.Assignment] : null);
        }

        return places;

        void Add(int[]? place)
        {
            if (place is not null && !places.Exists(known => known.AsSpan().SequenceEqual(place)))
            {
                places.Add(place);
            }
        }
    }

    // What closes or lets nobody pass first, then the largest changes of a price that could be paid.
    private static ImmutableArray<FutureInstant> Telling(PlacementProblem problem, ImmutableArray<FutureInstant> instants, int most)
    {
        var (view, end) = (problem.View, problem.RemainingSeconds);
        var weight = KnownEvents.Of(view, view.Now.After(instants[^1].At)).GroupBy(known => (known.At - view.Now).TotalSeconds)
            .ToDictionary(at => at.Key, at => at.Max(known => known.Offer is null ? double.MaxValue : (double)Math.Abs((known.After ?? 0) - (known.Before ?? 0)) * Math.Max(0, end - at.Key)));
        return [.. instants.OrderByDescending(instant => weight.GetValueOrDefault(instant.At)).ThenBy(instant => instant.At).Take(most).OrderBy(instant => instant.At)];
    }
}
