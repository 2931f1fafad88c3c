using Federation.Domain.Applications;
using Federation.Domain.Estimation;

namespace Federation.Planning.Live;

/// <summary>Everything that decides how good a placement is.</summary>
/// <param name="Violation">How far from feasible; exactly 0: feasible, as far as it is looked at (the order of moves is not).</param>
/// <param name="Seconds">time(p).</param>
/// <param name="Strain">A mean of the VMs' run times in which long ones weigh most, in seconds; for searches to walk by.</param>
/// <param name="Money">cost(p), in currency.</param>
/// <param name="Paid">vCPUs that are not free.</param>
/// <param name="Sites">Sites used.</param>
/// <param name="Occupied">vCPUs of all the seats taken.</param>
internal readonly record struct Standing(double Violation, double Seconds, double Strain, double Money, int Paid, int Sites, int Occupied)
{
    /// <summary>Migrations that find no room on their way, as far as that is counted; for searches to walk by, the full check decides.</summary>
    public int Stuck { get; init; }

    /// <summary>The value under an objective.</summary>
    public ObjectiveValue Value(Objective objective, int neededVcpus) => objective switch
    {
        Objective.Cost => new(Money, Seconds, -(double)neededVcpus / Occupied),
        Objective.Time => new(Seconds, Money, -(double)neededVcpus / Occupied),
        _ => new(Paid, Sites, Occupied, Money),
    };
}
