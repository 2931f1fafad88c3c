using Federation.Domain.Clocks;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Estimation;

/// <summary>The constraints that concern a whole assignment, and the verdict over all of them.</summary>
/// <remarks>Each VM's own constraints are those of <see cref="SeatRules"/>: an assignment takes seats out of its candidates.</remarks>
public static class PlacementRules
{
    // Sums of seconds and prices carry rounding: a limit that is met to within a billionth is met.
    private const double Tolerance = 1e-9;

    /// <summary>Whether an assignment holds every constraint; otherwise the first that it violates.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="assignment">Each VM's seat.</param>
    /// <param name="estimate">What <see cref="PlacementEstimator.Estimate"/> says of it.</param>
    public static Verdict Check(PlacementProblem problem, int[] assignment, PlacementEstimate? estimate)
    {
        var seats = CheckSeats(problem, assignment);
        if (!seats.IsFeasible)
        {
            return seats;
        }

        if (estimate is not { } terms)
        {
            return CheckLinks(problem, assignment);
        }

        var affinity = Affinity.Check(problem, assignment);
        if (!affinity.IsFeasible)
        {
            return affinity;
        }

        var room = CheckRoom(problem, assignment);
        if (!room.IsFeasible)
        {
            return room;
        }

        var time = CheckTime(problem, assignment, terms);
        if (!time.IsFeasible)
        {
            return time;
        }

        var rate = CheckRate(problem, assignment, 0, terms.TimeSeconds);
        if (!rate.IsFeasible)
        {
            return rate;
        }

        var limits = CheckLimits(problem, terms);
        return limits.IsFeasible && !problem.IsRelaxed ? CheckMoves(problem, assignment) : limits;
    }

    /// <summary>Whether every VM's seat is one of its candidates.</summary>
    public static Verdict CheckSeats(PlacementProblem problem, int[] assignment)
    {
        for (var vm = 0; vm < assignment.Length; vm++)
        {
            if (problem.Candidates[vm].AsSpan().BinarySearch(assignment[vm]) < 0)
            {
                return SeatRules.Check(problem, vm, problem.Seats[assignment[vm]]);
            }
        }

        return Verdict.Feasible;
    }

    /// <summary>Capacity and the quotas of amounts, at the end of all moves.</summary>
    public static Verdict CheckRoom(PlacementProblem problem, int[] assignment)
    {
        var ledger = new SeatLedger(problem);
        for (var vm = 0; vm < assignment.Length; vm++)
        {
            var verdict = ledger.Check(assignment[vm]);
            if (!verdict.IsFeasible)
            {
                return verdict;
            }

            ledger.Take(assignment[vm]);
        }

        return Verdict.Feasible;
    }

    /// <summary>Reservations that end and quotas of core-hours, for a run as long as the estimate says.</summary>
    public static Verdict CheckTime(PlacementProblem problem, int[] assignment, PlacementEstimate terms)
    {
        foreach (var group in assignment.Select(seat => problem.Seats[seat]).GroupBy(seat => seat.SiteIndex).OrderBy(g => g.Key))
        {
            var verdict = CheckTimeAt(problem, problem.Sites[group.Key], group.Sum(seat => seat.Offer.Vcpus), terms.TimeSeconds);
            if (!verdict.IsFeasible)
            {
                return verdict;
            }
        }

        return Verdict.Feasible;
    }

    /// <summary>The same of one site that so many vCPUs are used of for so long.</summary>
    public static Verdict CheckTimeAt(PlacementProblem problem, Site site, int vcpus, double seconds)
    {
        var left = SecondsAvailable(problem, site);
        if (seconds > left * (1 + Tolerance))
        {
            return Verdict.Reject(Refusal.AvailabilityTooShort(site.Id, left, seconds));
        }

        var hours = CoreHours(problem, site, vcpus, seconds);
        var tenant = problem.View.Application.Tenant;
        return site.QuotaFor(tenant)?.AgainstCoreHours(site.Id, tenant, hours) is { } refusal ? Verdict.Reject(refusal) : Verdict.Feasible;
    }

    /// <summary>For how many seconds from now VMs may be at a site; 0 if it is not available now. Without end in a relaxed problem.</summary>
    public static double SecondsAvailable(PlacementProblem problem, Site site) => site.AvailableUntil(problem.View.Now) switch
    {
        null => 0,
        { } until when until == DateTimeOffset.MaxValue || problem.IsRelaxed => double.PositiveInfinity,
        { } until => (until - problem.View.Now).TotalSeconds,
    };

    /// <summary>Core-hours of the tenant at a site: those of others, and those of so many vCPUs for so long.</summary>
    public static double CoreHours(PlacementProblem problem, Site site, int vcpus, double seconds) =>
        problem.View.UsedByOthers.GetValueOrDefault(site.Id).CoreHours + (vcpus * seconds / 3600);

    /// <summary>The longest that the application may run, in seconds; infinite without a limit.</summary>
    public static double TimeLimitSeconds(PlacementProblem problem)
    {
        var application = problem.View.Application;
        var limit = application.Deadline?.TotalSeconds ?? double.PositiveInfinity;
        return application.Objective == Applications.Objective.Utilization
            ? Math.Min(limit, problem.RemainingSeconds * (1 + application.HarmLimit))
            : limit;
    }

    /// <summary>What the offers cost an hour together, at an instant and whenever a price changes from then on until another; a price that nobody knows counts as nothing.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="assignment">Each VM's seat.</param>
    /// <param name="from">From when on, in seconds from now.</param>
    /// <param name="until">Until when, in seconds from now.</param>
    public static Verdict CheckRate(PlacementProblem problem, ReadOnlySpan<int> assignment, double from, double until)
    {
        if (problem.View.Application.BudgetPerHour is not { } limit)
        {
            return Verdict.Feasible;
        }

        var offers = new Offer[assignment.Length];
        for (var vm = 0; vm < offers.Length; vm++)
        {
            offers[vm] = problem.Seats[assignment[vm]].Offer;
        }

        var (begin, end) = (problem.View.Now.After(from), problem.View.Now.After(until));
        foreach (var instant in offers.SelectMany(offer => offer.Price.Entries).Select(entry => entry.From).Where(at => at > begin && at < end).Append(begin).Distinct().Order())
        {
            var rate = offers.Sum(offer => offer.Price.At(instant) ?? 0);
            if ((double)rate > (double)limit * (1 + Tolerance))
            {
                return Verdict.Reject(Refusal.BudgetPerHour((double)limit, (double)rate, instant));
            }
        }

        return Verdict.Feasible;
    }

    /// <summary>Deadline, budget, and how much the objective utilization may harm the application.</summary>
    public static Verdict CheckLimits(PlacementProblem problem, PlacementEstimate terms)
    {
        var application = problem.View.Application;
        if (terms.TimeSeconds > TimeLimitSeconds(problem) * (1 + Tolerance))
        {
            return Verdict.Reject(application.Deadline is { } deadline && terms.TimeSeconds > deadline.TotalSeconds
                ? Refusal.Deadline(deadline.TotalSeconds, terms.TimeSeconds)
                : Refusal.HarmLimit(TimeLimitSeconds(problem), terms.TimeSeconds));
        }

        return application.Budget is { } budget && terms.Cost > (double)budget * (1 + Tolerance)
            ? Verdict.Reject(Refusal.Budget((double)budget, terms.Cost))
            : Verdict.Feasible;
    }

    // An order in which each move has room, and begins while its sites let it.
    private static Verdict CheckMoves(PlacementProblem problem, int[] assignment)
    {
        if (MoveOrder.Find(problem, assignment) is not { } order)
        {
            return Verdict.Reject(Refusal.CapacityNoOrder);
        }

        return !problem.HasWindows || order.IsEmpty || WindowedMoves.Find(problem, assignment) is not null ? Verdict.Feasible
            : Verdict.Reject(WindowedMoves.Against(problem, MoveSchedule.Of(problem, [.. order.Select(vm => new Leg(vm, problem.CurrentSeats[vm], assignment[vm]))]))!);
    }

    private static Verdict CheckLinks(PlacementProblem problem, int[] assignment)
    {
        for (var vm = 0; vm < assignment.Length; vm++)
        {
            var to = problem.Seats[assignment[vm]];
            foreach (var inflow in problem.Inflows[vm])
            {
                var from = problem.Seats[assignment[inflow.Source]];
                if (problem.LinkBetween(from.SiteIndex, to.SiteIndex) is null)
                {
                    var vms = problem.View.Application.Vms;
                    return Verdict.Reject(Refusal.LinkForTraffic(from.Site.Id, to.Site.Id, vms[inflow.Source].Id, vms[vm].Id));
                }
            }
        }

        throw new InvalidOperationException("an assignment of candidate seats with all links has no estimate");
    }
}
