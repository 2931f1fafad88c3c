using Federation.Planning.Model;
using Google.OrTools.Sat;

namespace Federation.Planning.Exact.ConstraintModel;

/// <summary>Capacity, quotas of amounts and affinity: exactly as the rules have them. The order of moves is left out.</summary>
internal static class RoomConstraints
{
    /// <summary>Adds them.</summary>
    public static void Add(CpModel cp, CostModel model, PlacementVariables variables)
    {
        for (var seat = 0; seat < model.SeatCount; seat++)
        {
            if (model.Problem.Seats[seat].Offer.Available is { } available && available < model.VmCount)
            {
                cp.Add(Sum(variables, model, [seat], _ => 1) <= available);
            }
        }

        for (var site = 0; site < model.SiteCount; site++)
        {
            AddQuota(cp, model, variables, site);
        }

        AddAffinity(cp, model, variables);
    }

    private static void AddQuota(CpModel cp, CostModel model, PlacementVariables variables, int site)
    {
        var here = model.Problem.Sites[site];
        if (here.QuotaFor(model.Problem.View.Application.Tenant) is not { } quota)
        {
            return;
        }

        var others = model.Problem.View.UsedByOthers.GetValueOrDefault(here.Id);
        int[] seats = [.. Enumerable.Range(0, model.SeatCount).Where(seat => model.SiteOf[seat] == site)];
        // Others may have more than the quota already: then nobody comes, and who comes to nothing violates nothing.
        if (quota.Vms is { } vms)
        {
            cp.Add(Sum(variables, model, seats, _ => 1) <= Math.Max(0, vms - others.Vms));
        }

        if (quota.Vcpus is { } vcpus)
        {
            cp.Add(Sum(variables, model, seats, seat => model.Vcpus[seat]) <= Math.Max(0, vcpus - others.Vcpus));
        }

        if (quota.MemoryBytes is { } memory)
        {
            cp.Add(Sum(variables, model, seats, seat => model.Problem.Seats[seat].Offer.MemoryBytes) <= Math.Max(0, memory - others.MemoryBytes));
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
                used.Add(isUsed);
            }

            cp.Add(used >= apart.Sites);
        }
    }
}
