using Federation.Domain.Estimation;
using Federation.Domain.Plans;

namespace Federation.Planning.Model;

/// <summary>The best placement found so far, each checked in full against the domain's own rules.</summary>
internal sealed class Incumbent(PlacementProblem problem)
{
    /// <summary>It; null until one is found.</summary>
    public Evaluated? Best { get; private set; }

    /// <summary>Keeps a placement if it holds all constraints and is better; whether it does hold them.</summary>
    public bool Offer(ReadOnlySpan<int> assignment)
    {
        var offered = Evaluated.Of(problem, assignment.ToArray());
        if (offered.Verdict.IsFeasible && (Best is null || offered.Value.IsBetterThan(Best.Value)))
        {
            Best = offered;
        }

        return offered.Verdict.IsFeasible;
    }

    /// <summary>Keeps leaving every VM where it is, if that is possible.</summary>
    public void OfferStaying()
    {
        if (problem.IsPlaced)
        {
            Offer([.. problem.CurrentSeats]);
        }
    }

    /// <summary>Keeps, of a placement that has no order of moves, what can be reached: the moves with no room are not made.</summary>
    public void OfferInReach(ReadOnlySpan<int> assignment)
    {
        int[] reached = [.. assignment];
        foreach (var vm in MoveOrder.Stuck(problem, reached))
        {
            reached[vm] = problem.CurrentSeats[vm];
        }

        Offer(reached);
    }
}
