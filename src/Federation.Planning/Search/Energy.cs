using Federation.Domain.Applications;
using Federation.Planning.Live;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>One number for how good a placement is, for a search to walk by: the objective, a little of what breaks its ties, and the violation.</summary>
internal sealed class Energy
{
    // So little that it decides only between placements that the objective holds to be the same.
    private const double ShareOfTies = 1e-6;

    private const double SharesOfOneTooMany = 40;

    private readonly Objective objective;
    private readonly double vms;
    private readonly double tie;
    private double perSecond;
    private readonly double perSite;
    private readonly double perOccupied;
    private readonly double perMoney;
    private double weight;

    /// <summary>Scales it by a placement of the problem.</summary>
    public Energy(CostModel model, Standing typical)
    {
        vms = model.VmCount;
        objective = model.Problem.View.Application.Objective;
        var (seconds, money) = (Math.Max(typical.Seconds, 1e-9), Math.Max(typical.Weighed, 1e-9));
        tie = objective == Objective.Cost ? ShareOfTies * money / seconds : ShareOfTies * seconds / money;
        perSite = 1.0 / (model.SiteCount + 2);
        perOccupied = perSite / (model.VmCount * (double)model.Vcpus.Max() + 1);
        perMoney = ShareOfTies * perOccupied / money;
        Rescale(typical);
    }

    /// <summary>How much a violation weighs, as a share of its full weight: less lets a search pass through what is not feasible.</summary>
    public double Hardness { get; set; } = 1;

    /// <summary>
    /// How much the strain counts besides the longest run time, as a share: all VMs wait for the slowest, so that without it
    /// nothing is gained by making any other one faster.
    /// </summary>
    public double Smoothness { get; set; }

    /// <summary>The number; smaller is better.</summary>
    public double Of(in Standing standing) => Objectively(standing) + (Smoothness * perSecond * standing.Strain) + (weight * Hardness * (standing.Violation + standing.Stuck));

    /// <summary>Weighs violations by what a placement of the problem takes: one VM too many as much as so many VMs' shares of the objective.</summary>
    public void Rescale(Standing typical)
    {
        perSecond = objective switch
        {
            Objective.Cost => typical.Weighed / Math.Max(typical.Seconds, 1e-9),
            Objective.Time => 1,
            _ => 0,
        };
        weight = Math.Max(1e-6, Math.Abs(Objectively(typical))) * Math.Min(1, SharesOfOneTooMany / vms);
    }

    /// <summary>Lets violations weigh more, where a search ended with one.</summary>
    public void Tighten() => weight *= 8;

    private double Objectively(in Standing standing) => objective switch
    {
        Objective.Cost => standing.Weighed + (tie * standing.Seconds),
        Objective.Time => standing.Seconds + (tie * standing.Weighed),
        _ => standing.Paid + (perSite * standing.Sites) + (perOccupied * standing.Occupied) + (perMoney * standing.Weighed),
    };
}
