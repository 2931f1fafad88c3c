using System.Collections.Immutable;

namespace Federation.Domain.Estimation;

/// <summary>What one migration costs, in currency.</summary>
/// <param name="Egress">The bytes that it sends, at the price of its link.</param>
/// <param name="DoubleHosting">What the VM occupies besides its place under the plan while it moves: its old place, or its stop.</param>
public readonly record struct MoveBill(double Egress, double DoubleHosting)
{
    /// <summary>Both.</summary>
    public double Sum => Egress + DoubleHosting;
}

/// <summary>Splits what moving costs over the single migrations.</summary>
public static class MoveBills
{
    /// <summary>
    /// Each migration's bill, in order. A VM's first leg pays for its old offer as long as it lasts; the second leg of a move with a stop pays
    /// for the stop, from the first leg's start to its own end, rounded as that site bills a VM that arrives.
    /// </summary>
    public static ImmutableArray<MoveBill> Of(PlacementProblem problem, ImmutableArray<ScheduledMove> moves)
    {
        var began = new Dictionary<int, double>();
        return [.. moves.Select(move => new MoveBill(Egress(problem, move), began.TryAdd(move.Leg.Vm, move.StartSeconds)
            ? problem.Seats[move.Leg.From].Offer.Price.KnownOver(problem.View.Now, move.Estimate.DurationSeconds)
            : Stop(problem, move, began[move.Leg.Vm])))];
    }

    private static double Egress(PlacementProblem problem, ScheduledMove move)
    {
        var link = problem.LinkBetween(problem.Seats[move.Leg.From].SiteIndex, problem.Seats[move.Leg.To].SiteIndex)!.Value;
        return move.Estimate.Bytes / 1e9 * (double)link.EgressPerGB;
    }

    private static double Stop(PlacementProblem problem, ScheduledMove move, double since)
    {
        var stop = problem.Seats[move.Leg.From];
        return stop.Offer.Price.KnownOver(
            problem.View.Now.AddSeconds(since), stop.Site.Billing.BilledSeconds(move.EndSeconds - since, arrives: true));
    }
}
