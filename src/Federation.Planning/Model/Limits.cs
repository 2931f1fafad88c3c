using Federation.Domain.Estimation;

namespace Federation.Planning.Model;

/// <summary>What a placement may take at most of time and money, the tolerance of <see cref="PlacementRules"/> already in it.</summary>
internal sealed class Limits
{
    private const double Tolerance = 1e-9;

    /// <summary>Reads a problem's limits.</summary>
    public Limits(PlacementProblem problem)
    {
        Seconds = PlacementRules.TimeLimitSeconds(problem) * (1 + Tolerance);
        Money = (problem.View.Application.Budget is { } budget ? (double)budget : double.PositiveInfinity) * (1 + Tolerance);
        SecondsAt = [.. problem.Sites.Select(site => PlacementRules.SecondsAvailable(problem, site) * (1 + Tolerance))];
        CoreSecondsAt = [.. problem.Sites.Select(site =>
            site.QuotaFor(problem.View.Application.Tenant)?.CoreHours is { } hours
                ? ((hours * (1 + Tolerance)) - problem.View.UsedByOthers.GetValueOrDefault(site.Id).CoreHours) * 3600
                : double.PositiveInfinity)];
    }

    /// <summary>The longest that the application may run, in seconds; infinite without a limit.</summary>
    public double Seconds { get; }

    /// <summary>The most that it may cost; infinite without a limit.</summary>
    public double Money { get; }

    /// <summary>How long each site is available from now, in seconds.</summary>
    public double[] SecondsAt { get; }

    /// <summary>vCPUs times seconds that the tenant has left at each site; infinite without a quota of core-hours.</summary>
    public double[] CoreSecondsAt { get; }
}
