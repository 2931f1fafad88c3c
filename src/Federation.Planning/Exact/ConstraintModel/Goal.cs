using Federation.Domain.Applications;
using Federation.Planning.Model;
using Google.OrTools.Sat;

namespace Federation.Planning.Exact.ConstraintModel;

/// <summary>What is minimised, in whole units, and what a unit is worth.</summary>
/// <param name="Expression">The sum to minimise.</param>
/// <param name="PerUnit">What the objective's primary value gains with a unit of it.</param>
/// <param name="Constant">What the primary value is besides.</param>
/// <param name="IsWhole">Whether the primary value is a whole number, of which the expression has more: what breaks ties.</param>
internal sealed record Goal(LinearExpr Expression, double PerUnit, double Constant, bool IsWhole = false)
{
    // A bound is a double: a whole number may lack this much.
    private const double Rounding = 1e-9;

    /// <summary>The goal of a problem's objective, with a budget kept.</summary>
    public static Goal Of(CpModel cp, CostModel model, Scales scales, PlacementVariables variables, IntVar beyond)
    {
        var objective = model.Problem.View.Application.Objective;
        var bills = double.IsFinite(model.Limits.Money) ? Money(cp, model, scales, variables, beyond, (_, _) => 0) : null;
        if (bills is not null)
        {
            cp.Add(bills <= scales.Money(model.Limits.Money) + 1);
        }

        // Nothing else counts, or something does that no budget sees.
        var money = objective != Objective.Cost ? null : model.Problem.Preferences.IsEmpty && bills is not null ? bills : Money(cp, model, scales, variables, beyond, model.Preference);

        return objective switch
        {
            Objective.Cost => new(money!, scales.PerMoneyUnit, 0),
            Objective.Time => new(beyond, scales.PerTimeUnit, scales.Time(scales.LeastSeconds) * scales.PerTimeUnit),
            _ => Paid(cp, model, scales, variables),
        };
    }

    /// <summary>The primary value that a bound of the expression stands for.</summary>
    public double Value(double expression)
    {
        var value = Constant + (PerUnit * Math.Max(0, expression));
        return IsWhole ? Math.Floor(value + Rounding) : value;
    }

    /// <summary>Leaves out what is worse than a placement with this primary value: no better one has more units than that value is worth.</summary>
    public void LeaveOutWorse(CpModel cp, double primary) =>
        cp.Add(Expression <= (long)Math.Ceiling((primary - Constant + (IsWhole ? 1 : 0)) / PerUnit) + 1);

    // Every bill is at least what it is for the least time, and a rate times the time beyond: the rates of all VMs together times that time.
    private static LinearExprBuilder Money(CpModel cp, CostModel model, Scales scales, PlacementVariables variables, IntVar beyond, Func<int, int, double> besides)
    {
        var (sum, rate) = (LinearExpr.NewBuilder(), LinearExpr.NewBuilder());
        var (leastRate, mostRate) = (0L, 0L);
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            foreach (var seat in model.Candidates[vm])
            {
                var site = model.SiteOf[seat];
                var least = model.Hosting[seat].LeastBill(scales.LeastSeconds, model.Arrives(vm, site)) + model.Fixed(vm, seat) + besides(vm, site);
                sum.AddTerm(variables.Seat[vm, seat]!, scales.Money(least));
                rate.AddTerm(variables.Seat[vm, seat]!, scales.Rate(scales.Rates[seat]));
            }

            leastRate += model.Candidates[vm].Min(seat => scales.Rate(scales.Rates[seat]));
            mostRate += model.Candidates[vm].Max(seat => scales.Rate(scales.Rates[seat]));
        }

        foreach (var pair in variables.Pairs)
        {
            sum.AddTerm(pair.IsThere, scales.Money(
                model.Links.Money(pair.Edge.Sent, pair.Site, pair.PeerSite, pair.Edge.Sends)
                + model.Links.Money(pair.Edge.Received, pair.PeerSite, pair.Site, pair.Edge.Receives)));
        }

        var rates = cp.NewIntVar(leastRate, mostRate, "");
        cp.Add(rates == rate);
        sum.Add(ProductBound.Of(cp, rates, beyond));
        return sum;
    }

    private static Goal Paid(CpModel cp, CostModel model, Scales scales, PlacementVariables variables)
    {
        long mostVcpus = model.Choices.Sum(choice => choice.Seats.Max(seat => model.Vcpus[seat])) + 1;
        var perPaid = mostVcpus * (model.SiteCount + 1);
        var sum = LinearExpr.NewBuilder();
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            foreach (var seat in model.Candidates[vm])
            {
                var paid = model.Hosting[seat].Bill(scales.LeastSeconds, model.Arrives(vm, model.SiteOf[seat])) > 0;
                sum.AddTerm(variables.Seat[vm, seat]!, (paid ? model.Vcpus[seat] * perPaid : 0) + model.Vcpus[seat]);
            }
        }

        for (var site = 0; site < model.SiteCount; site++)
        {
            var used = cp.NewBoolVar("");
            for (var vm = 0; vm < model.VmCount; vm++)
            {
                if (variables.Site[vm, site] is { } here)
                {
                    cp.AddImplication(here, used);
                }
            }

            sum.AddTerm(used, mostVcpus);
        }

        return new(sum, 1.0 / perPaid, 0, IsWhole: true);
    }
}
