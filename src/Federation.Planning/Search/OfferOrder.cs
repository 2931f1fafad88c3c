using Federation.Domain.Applications;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>Which of a site's offers VMs try first: of those that are at least so fast the one that they are on, then the cheapest.</summary>
/// <remarks>
/// All VMs wait for the slowest, so that a faster offer pays only where all take one: the search has to go from one speed to another as a whole.
/// Mutable cache, for one thread.
/// </remarks>
internal sealed class OfferOrder
{
    private const int MostFloors = 6;

    private readonly CostModel model;
    private readonly double[] floors;
    private readonly Dictionary<(int Floor, Choice Choice), int[][]> known = [];

    /// <summary>Finds the speeds there are, at most six of them.</summary>
    public OfferOrder(CostModel model)
    {
        this.model = model;
        var speeds = model.Choices.Distinct().SelectMany(choice => choice.Seats).Distinct().Select(seat => model.Speed[seat])
            .Distinct().Order().ToArray();
        floors = speeds.Length <= MostFloors
            ? speeds
            : [.. Enumerable.Range(0, MostFloors).Select(i => speeds[i * (speeds.Length - 1) / (MostFloors - 1)])];
    }

    /// <summary>How many speeds are told apart.</summary>
    public int Floors => floors.Length;

    /// <summary>The seats of a choice at a site, the one to try first at the front; empty if there is none.</summary>
    public int[] Of(int floor, Choice choice, int site)
    {
        if (!known.TryGetValue((floor, choice), out var bySite))
        {
            bySite = new int[model.SiteCount][];
            known.Add((floor, choice), bySite);
        }

        return bySite[site] ??= [.. choice.SeatsAt(site)
            .OrderBy(seat => model.Speed[seat] < floors[floor] ? 1 : 0).ThenBy(seat => seat == choice.Home ? 0 : 1).ThenBy(seat => Rank(floor, seat))
            .ThenByDescending(seat => model.Speed[seat]).ThenBy(seat => seat)];
    }

    /// <summary>How long the application runs, about, at the speed of a floor.</summary>
    public double Seconds(int floor) => model.Problem.RemainingSeconds / floors[floor];

    private double Rank(int floor, int seat) => model.Problem.View.Application.Objective == Objective.Utilization
        ? model.Vcpus[seat] * (model.Hosting[seat].Over(Seconds(floor)) > 0 ? 1000 : 1)
        : model.Hosting[seat].Over(Seconds(floor));
}
