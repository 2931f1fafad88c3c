using Federation.Benchmarks.Problems;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;

namespace Federation.Benchmarks.Rivals;

/// <summary>
/// The published rule of SkyPilot's optimizer, re-implemented from its description: every task for itself at its own price and time, egress
/// only between different clouds, over a constant 10 Gbit/s. What it says of a placement, not what is true of it.
/// </summary>
/// <remarks>Source: Yang et al., SkyPilot: An Intercloud Broker for Sky Computing, NSDI 2023. A VM is taken for a task.</remarks>
public sealed class TaskRule(PlacementProblem problem)
{
    private const double BytesPerSecond = 10e9 / 8;

    private readonly string[] clouds = [.. problem.Sites.Select(site => Market.CloudOf(site.Id))];

    /// <summary>The figure that the rule minimises: the sum of all tasks' costs, or the longest task with what it waits for.</summary>
    public double? Figure(int[] assignment)
    {
        double money = 0, longest = 0;
        for (var vm = 0; vm < assignment.Length; vm++)
        {
            var seat = problem.Seats[assignment[vm]];
            var seconds = problem.Work[vm] / seat.Offer.Speed;
            money += seat.Offer.Price.Over(problem.View.Now, seconds) ?? 0;
            foreach (var flow in problem.Inflows[vm])
            {
                var from = problem.Seats[assignment[flow.Source]].SiteIndex;
                if (clouds[from] != clouds[seat.SiteIndex])
                {
                    var bytes = flow.BytesPerSecond * problem.RemainingSeconds;
                    seconds += bytes / BytesPerSecond;
                    money += bytes / 1e9 * (double)problem.LinkBetween(from, seat.SiteIndex)!.Value.EgressPerGB;
                }
            }

            longest = Math.Max(longest, seconds);
        }

        return problem.View.Application.Objective == Objective.Time ? longest : money;
    }
}
