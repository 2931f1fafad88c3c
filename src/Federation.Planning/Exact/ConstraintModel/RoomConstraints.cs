using Federation.Planning.Model;
using Google.OrTools.Sat;

namespace Federation.Planning.Exact.ConstraintModel;

/// <summary>Capacity, quotas of amounts and affinity: exactly as the rules have them; and what is certain of the limit an hour. The order of moves is left out.</summary>
internal static class RoomConstraints
{
    private const long RateUnits = 1_000_000;

    /// <summary>Adds them.</summary>
    public static void Add(CpModel cp, CostModel model, PlacementVariables variables)
    {
        for (var seat = 0; seat < model.SeatCount; seat++)
        {
            if (model.Problem.Room.MostOnSeat[seat] is var most && most < model.VmCount)
            {
                cp.Add(Sum(variables, model, [seat], _ => 1) <= most);
            }
        }

        for (var site = 0; site < model.SiteCount; site++)
        {
            AddSite(cp, model, variables, site);
        }

        AddAffinity(cp, model, variables);
        AddRate(cp, model, variables);
    }

    // At each change of a price before the earliest end: later ones are left to the full check. Rounded down, so that it never asks more than the truth.
    private static void AddRate(CpModel cp, CostModel model, PlacementVariables variables)
    {
        var rates = model.Rates;
        var earliest = rates.At.Length == 0 ? 0 : Enumerable.Range(0, model.VmCount).Max(vm => model.Candidates[vm].Min(seat => model.RunAlone(vm, seat)));
        for (var change = 0; change < rates.At.Length && (change == 0 || rates.At[change] < earliest); change++)
        {
            var rate = LinearExpr.NewBuilder();
            for (var vm = 0; vm < model.VmCount; vm++)
            {
                foreach (var seat in model.Candidates[vm])
                {
                    var share = rates.Of(seat)[change] / rates.Most;
                    rate.AddTerm(variables.Seat[vm, seat]!, double.IsNaN(share) ? 0 : (long)Math.Floor(Math.Min(share, 2) * RateUnits));
                }
            }

            cp.Add(rate <= RateUnits);
        }
    }

    private static void AddSite(CpModel cp, CostModel model, PlacementVariables variables, int site)
    {
        var most = model.Problem.Room.MostAt[site];
        int[] seats = [.. Enumerable.Range(0, model.SeatCount).Where(seat => model.SiteOf[seat] == site)];
        AddLimit(most.Vms, _ => 1);
        AddLimit(most.Vcpus, seat => model.Vcpus[seat]);
        AddLimit(most.MemoryBytes, seat => model.Problem.Seats[seat].Offer.MemoryBytes);

        void AddLimit(long limit, Func<int, long> amount)
        {
            if (seats.Max(amount) * model.VmCount > limit)
            {
                cp.Add(Sum(variables, model, seats, amount) <= limit);
            }
        }
    }

    private static LinearExprBuilder Sum(PlacementVariables variables, CostModel model, int[] seats, Func<int, long> amount)
    {
        var sum = LinearExpr.NewBuilder();
        foreach (var seat in seats)
        {
            for (var vm = 0; vm < model.VmCount; vm++)
            {
                if (variables.Seat[vm, seat] is { } taken)
                {
                    sum.AddTerm(taken, amount(seat));
                }
            }
        }

        return sum;
    }

    private static void AddAffinity(CpModel cp, CostModel model, PlacementVariables variables)
    {
        var sites = Enumerable.Range(0, model.SiteCount).ToArray();
        foreach (var together in model.Problem.Together)
        {
            foreach (var site in sites)
            {
                var all = together.Select(vm => variables.Site[vm, site]).ToArray();
                foreach (var one in all.OfType<BoolVar>())
                {
                    cp.AddBoolAnd(all.Where(other => other is not null).Select(other => (ILiteral)other!)).OnlyEnforceIf(one);
                    if (all.Contains(null))
                    {
                        cp.Add(one == 0);
                    }
                }
            }
        }

        foreach (var apart in model.Problem.Apart)
        {
            var used = LinearExpr.NewBuilder();
            foreach (var site in sites)
            {
                var here = apart.Vms.Select(vm => variables.Site[vm, site]).OfType<BoolVar>().ToArray();
                var isUsed = cp.NewBoolVar("");
                cp.Add(LinearExpr.Sum(here) >= isUsed);
                if (here.Length > apart.MostAtOne)
                {
                    cp.Add(LinearExpr.Sum(here) <= apart.MostAtOne);
                }

                used.Add(isUsed);
            }

            cp.Add(used >= apart.Sites);
        }
    }
}
