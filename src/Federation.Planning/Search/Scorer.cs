using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>Scores whole placements, feasible or not, without allocating. O(VMs + pairs + sites^2 + seats).</summary>
/// <remarks>Mutable, for one search at a time.</remarks>
internal sealed class Scorer(CostModel model)
{
    // A missing link cannot be lived with a little: it weighs more than any excess of a limit does.
    private const double WeightOfMissingLink = 10;

    private readonly Objective objective = model.Problem.View.Application.Objective;
    private readonly RoomExcess room = new(model);
    private readonly AffinityExcess affinity = new(model);
    private readonly double[] crossing = new double[model.SiteCount * model.SiteCount];
    private double violation;

    /// <summary>Scores a placement whose every seat is one of its VM's candidates.</summary>
    public Score Of(int[] assignment)
    {
        violation = room.Count(assignment) + affinity.Count(assignment);
        var seconds = Run(assignment) + Downtime(assignment);
        var value = Bill(assignment, seconds);
        AddExcess(seconds, model.Limits.Seconds);
        for (var site = 0; site < model.SiteCount; site++)
        {
            if (room.VcpusAt[site] > 0)
            {
                AddExcess(seconds, model.Limits.SecondsAt[site]);
                AddExcess(room.VcpusAt[site] * seconds, model.Limits.CoreSecondsAt[site]);
            }
        }

        return new(violation, value);
    }

    private void AddExcess(double needed, double most)
    {
        if (needed > most)
        {
            violation += (needed - most) / Math.Max(most, 1);
        }
    }

    private double Run(int[] assignment)
    {
        Array.Clear(crossing);
        double longest = 0;
        for (var vm = 0; vm < assignment.Length; vm++)
        {
            var receiving = Receiving(assignment, vm);
            longest = Math.Max(longest, (model.Work[vm] / model.Speed[assignment[vm]]) + (model.Felt * receiving));
        }

        for (var pair = 0; pair < crossing.Length; pair++)
        {
            if (crossing[pair] > 0)
            {
                longest = Math.Max(longest, model.Links.BusySeconds(crossing[pair], pair));
            }
        }

        return longest;
    }

    private double Receiving(int[] assignment, int vm)
    {
        double seconds = 0;
        var site = model.SiteOf[assignment[vm]];
        foreach (ref readonly var peer in model.Peers[vm].AsSpan())
        {
            if (peer.Received is not { } received)
            {
                continue;
            }

            var from = model.SiteOf[assignment[peer.Vm]];
            if (!model.Links.Exists(from, site))
            {
                violation += WeightOfMissingLink;
                continue;
            }

            seconds += model.Links.ReceiveSeconds(received, from, site);
            crossing[(from * model.SiteCount) + site] += from != site ? received.Bytes : 0;
        }

        return seconds;
    }

    private double Downtime(int[] assignment)
    {
        double sum = 0;
        for (var vm = 0; vm < assignment.Length; vm++)
        {
            sum += model.Downtime(vm, model.SiteOf[assignment[vm]]);
        }

        return sum;
    }

    private ObjectiveValue Bill(int[] assignment, double seconds)
    {
        double money = 0;
        int paid = 0, occupied = 0;
        for (var vm = 0; vm < assignment.Length; vm++)
        {
            var (seat, site) = (assignment[vm], model.SiteOf[assignment[vm]]);
            var hosting = model.Hosting[seat].Bill(seconds, model.Arrives(vm, site));
            money += hosting + model.Fixed(vm, site) + Egress(assignment, vm, site);
            occupied += model.Vcpus[seat];
            paid += hosting > 0 ? model.Vcpus[seat] : 0;
        }

        AddExcess(money, model.Limits.Money);
        var utilization = (double)model.NeededVcpus / occupied;
        return objective switch
        {
            Objective.Cost => new(money, seconds, -utilization),
            Objective.Time => new(seconds, money, -utilization),
            _ => new(paid, room.SitesUsed, occupied),
        };
    }

    private double Egress(int[] assignment, int vm, int site)
    {
        double sum = 0;
        foreach (ref readonly var peer in model.Peers[vm].AsSpan())
        {
            var to = model.SiteOf[assignment[peer.Vm]];
            sum += peer.Sent is { } sent && model.Links.Exists(site, to) ? model.Links.Money(sent, site, to) : 0;
        }

        return sum;
    }
}
