using Federation.Domain.Applications;

namespace Federation.Planning.Tests.Reference;

/// <summary>What the reference says that a placement takes.</summary>
internal sealed record ReferenceTerms(double Hosting, double Traffic, double Moving, double Seconds, int Paid, int Occupied, int Needed, int Sites)
{
    public double Cost => Hosting + Traffic + Moving;

    /// <summary>What counts besides, and nobody pays.</summary>
    public double Preference { get; init; }

    /// <summary>The objective, then what breaks ties.</summary>
    public double[] Value(Objective objective) => objective switch
    {
        Objective.Cost => [Cost + Preference, Seconds, -(double)Needed / Occupied, 0],
        Objective.Time => [Seconds, Cost + Preference, -(double)Needed / Occupied, 0],
        _ => [Paid, Sites, Occupied, Cost + Preference],
    };
}
