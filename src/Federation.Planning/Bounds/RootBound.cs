using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Planning.Model;

namespace Federation.Planning.Bounds;

/// <summary>What the objective cannot fall below, whatever the placement: never more than the truth, and quick to have.</summary>
internal static class RootBound
{
    // The relaxation looks at every pair at every two sites.
    private const int MostVmsForRelaxation = 64;

    /// <summary>The bound; null if not even it holds all constraints, which proves that no placement does.</summary>
    public static ObjectiveValue? Of(CostModel model)
    {
        if (model.VmCount > MostVmsForRelaxation)
        {
            return IndependentBound.Of(model);
        }

        var relaxation = new Relaxation(model);
        return relaxation.Look(new PartialPlacement(model, VmOrder.Of(model)), toBeat: null) ? relaxation.Value : null;
    }
}

/// <summary>A bound for large problems: every VM at the seat that suits it best, every flow over the link that suits it best.</summary>
/// <remarks>
/// First the time: the slowest VM, at its best. Then the bill over that time: bills do not fall when the run gets longer.
/// O(VMs x candidates + pairs + kinds of VMs x sites^2).
/// </remarks>
internal static class IndependentBound
{
    // Sums of another order than the estimator's: this much less is certainly not more than it says.
    private const double Cautious = 1 - 1e-9;

    /// <summary>The bound; null if a VM has no seat that the limits of time allow.</summary>
    public static ObjectiveValue? Of(CostModel model)
    {
        var seconds = Seconds(model);
        if (seconds > model.Limits.Seconds)
        {
            return null;
        }

        return Bill(model, seconds);
    }

    /// <summary>What the time cannot fall below, in seconds.</summary>
    public static double Seconds(CostModel model)
    {
        double run = 0, downtime = 0;
        var links = new Dictionary<int[], Rate>();
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            run = Math.Max(run, LeastSeconds(model, vm, links));
            downtime += model.Candidates[vm].Min(seat => model.Downtime(vm, seat));
        }

        return (run + downtime) * Cautious;
    }

    private static ObjectiveValue? Bill(CostModel model, double seconds)
    {
        double money = 0, bills = 0, paid = 0, occupied = 0;
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            double leastMoney = double.PositiveInfinity, leastBill = double.PositiveInfinity, leastPaid = double.PositiveInfinity, leastVcpus = double.PositiveInfinity;
            foreach (var seat in model.Candidates[vm])
            {
                var site = model.SiteOf[seat];
                if (seconds <= model.Limits.SecondsAt[site])
                {
                    var hosting = model.Hosting[seat].Bill(seconds, model.Arrives(vm, site));
                    leastBill = Math.Min(leastBill, hosting + model.Fixed(vm, seat));
                    leastMoney = Math.Min(leastMoney, hosting + model.Fixed(vm, seat) + model.Preference(vm, site));
                    leastPaid = Math.Min(leastPaid, hosting > 0 ? model.Vcpus[seat] : 0);
                    leastVcpus = Math.Min(leastVcpus, model.Vcpus[seat]);
                }
            }

            (money, bills, paid, occupied) = (money + leastMoney, bills + leastBill, paid + leastPaid, occupied + leastVcpus);
        }

        if (double.IsPositiveInfinity(money) || bills * Cautious > model.Limits.Money)
        {
            return null;
        }

        money *= Cautious;
        return model.Problem.View.Application.Objective switch
        {
            Objective.Cost => new(money, seconds, -model.NeededVcpus / occupied),
            Objective.Time => new(seconds, money, -model.NeededVcpus / occupied),
            _ => new(paid, 1, occupied, money),
        };
    }

    private static double LeastSeconds(CostModel model, int vm, Dictionary<int[], Rate> links)
    {
        var work = model.Candidates[vm].Min(seat => model.RunAlone(vm, seat));
        double waits = 0, bytes = 0;
        foreach (ref readonly var edge in model.Graph.Of(vm))
        {
            waits += edge.Received.Waits;
            bytes += edge.Received.Bytes;
        }

        // The sites are one array for all VMs of a kind.
        if (!links.TryGetValue(model.CandidateSites[vm], out var least))
        {
            links[model.CandidateSites[vm]] = least = LeastPerUnit(model, model.CandidateSites[vm]);
        }

        return work + (model.Felt * ((waits * least.Waits) + (bytes * least.Bytes)));
    }

    // The seconds of a wait and of a byte over the best link of all into any of the sites, for waits and bytes apart.
    private static Rate LeastPerUnit(CostModel model, int[] sites)
    {
        double perWait = double.PositiveInfinity, perByte = double.PositiveInfinity;
        foreach (var to in sites)
        {
            for (var from = 0; from < model.SiteCount; from++)
            {
                if (model.Links.Exists(from, to))
                {
                    perWait = Math.Min(perWait, model.Links.ReceiveSeconds(new(1, 0), from, to));
                    perByte = Math.Min(perByte, model.Links.ReceiveSeconds(new(0, 1), from, to));
                }
            }
        }

        return new(perWait, perByte);
    }
}
