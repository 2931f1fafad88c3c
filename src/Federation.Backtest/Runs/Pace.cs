using System.Collections.Immutable;
using Federation.Backtest.Worlds;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Backtest.Runs;

/// <summary>How fast an application really is in a placement and a phase: the truth that predictions are held against.</summary>
/// <remarks>
/// By the domain's model of execution time, from the work itself and not, as a prediction has to, from what was observed somewhere else.
/// </remarks>
internal sealed class Pace
{
    private static readonly TimeSpan Sample = TimeSpan.FromHours(1);

    private readonly ImmutableArray<Site> sites;
    private readonly Dictionary<(int Application, int Phase, string Placement), double?> known = [];

    /// <summary>Knows the networks of a world.</summary>
    public Pace(World world) =>
        // Prices and availability change nothing about speed; without them every placement can be estimated.
        sites = [.. world.Sites.Select(site => site with
        {
            Offers = [.. site.Offers.Select(offer => offer with { Price = PriceSchedule.Always(0) })],
            Availability = [],
        })];

    /// <summary>Seconds for one second's worth of work on the reference core; null if VMs that talk have no link.</summary>
    /// <param name="number">The application's number.</param>
    /// <param name="application">The application.</param>
    /// <param name="phase">The phase's number.</param>
    /// <param name="placement">Each VM's location.</param>
    public double? SecondsPerWork(int number, SimulatedApplication application, int phase, ImmutableArray<Location> placement)
    {
        var key = (number, phase, string.Join(' ', placement));
        if (!known.TryGetValue(key, out var seconds))
        {
            known[key] = seconds = Measure(application, phase, placement);
        }

        return seconds;
    }

    private double? Measure(SimulatedApplication application, int phase, ImmutableArray<Location> placement)
    {
        var problem = new PlacementProblem(new()
        {
            Application = application.Spec with { Remaining = Sample },
            Sites = sites,
            Traffic = application.Phases[phase].Traffic,
            Now = application.Arrival,
        });
        int[] assignment = [.. placement.Select(at => problem.Seats.First(seat => seat.Location == at).Index)];
        return PlacementEstimator.Estimate(problem, assignment)?.RunSeconds / Sample.TotalSeconds;
    }
}
