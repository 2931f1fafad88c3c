using Federation.Planning.Model;
using Google.OrTools.Sat;

namespace Federation.Planning.Exact.ConstraintModel;

/// <summary>The time: at least every VM's run, at least every link's busy time, and all downtimes; within what limits allow.</summary>
internal static class TimeConstraints
{
    /// <summary>Adds them; the time beyond the least, in units.</summary>
    public static IntVar Add(CpModel cp, CostModel model, Scales scales, PlacementVariables variables)
    {
        // Limits are rounded up, as is the least, so that the time beyond it, from which bills follow, is never too long.
        var most = scales.Time(scales.MostSeconds) + 1;
        var least = scales.Time(scales.LeastSeconds) + 1;
        var beyond = cp.NewIntVar(0, Math.Max(0, most - least), "");
        var time = beyond + least;
        var downtime = Downtime(model, scales, variables);
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            cp.Add(time >= Run(model, scales, variables, vm) + downtime);
        }

        AddLinks(cp, model, scales, variables, time, downtime);
        AddReservations(cp, model, scales, variables, time);
        return beyond;
    }

    private static LinearExprBuilder Downtime(CostModel model, Scales scales, PlacementVariables variables)
    {
        var sum = LinearExpr.NewBuilder();
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            foreach (var seat in model.Candidates[vm])
            {
                sum.AddTerm(variables.Seat[vm, seat]!, scales.Time(model.Downtime(vm, seat)));
            }
        }

        return sum;
    }

    private static LinearExprBuilder Run(CostModel model, Scales scales, PlacementVariables variables, int vm)
    {
        var run = LinearExpr.NewBuilder();
        foreach (var seat in model.Candidates[vm])
        {
            run.AddTerm(variables.Seat[vm, seat]!, scales.Time(model.RunAlone(vm, seat)));
        }

        foreach (var pair in variables.OfVm(vm))
        {
            var received = pair.Vm == vm ? pair.Edge.Received : pair.Edge.Sent;
            var (from, to) = pair.Vm == vm ? (pair.PeerSite, pair.Site) : (pair.Site, pair.PeerSite);
            if (received != default)
            {
                run.AddTerm(pair.IsThere, scales.Time(model.Felt * model.Links.ReceiveSeconds(received, from, to)));
            }
        }

        return run;
    }

    private static void AddLinks(CpModel cp, CostModel model, Scales scales, PlacementVariables variables, LinearExpr time, LinearExpr downtime)
    {
        var loads = new LinearExprBuilder?[model.SiteCount * model.SiteCount];
        foreach (var pair in variables.Pairs.Where(pair => pair.Site != pair.PeerSite))
        {
            Load(pair.Site, pair.PeerSite, pair.Edge.Sent.Bytes, pair.IsThere);
            Load(pair.PeerSite, pair.Site, pair.Edge.Received.Bytes, pair.IsThere);
        }

        for (var vm = 0; vm < model.VmCount; vm++)
        {
            foreach (var flow in model.Problem.Endpoints.Of[vm])
            {
                foreach (var site in model.CandidateSites[vm].Where(site => site != flow.Site))
                {
                    Load(site, flow.Site, flow.Sent.BytesPerSecond, variables.Site[vm, site]!);
                    Load(flow.Site, site, flow.Received.BytesPerSecond, variables.Site[vm, site]!);
                }
            }
        }

        foreach (var load in loads.OfType<LinearExprBuilder>())
        {
            cp.Add(time >= load + downtime);
        }

        void Load(int from, int to, double bytes, BoolVar isThere)
        {
            if (bytes > 0)
            {
                var at = (from * model.SiteCount) + to;
                (loads[at] ??= LinearExpr.NewBuilder()).AddTerm(isThere, scales.Time(model.Links.BusySeconds(bytes, at)));
            }
        }
    }

    private static void AddReservations(CpModel cp, CostModel model, Scales scales, PlacementVariables variables, LinearExpr time)
    {
        if (double.IsFinite(model.Limits.Seconds))
        {
            cp.Add(time <= scales.Time(model.Limits.Seconds) + 1);
        }

        for (var site = 0; site < model.SiteCount; site++)
        {
            for (var vm = 0; vm < model.VmCount; vm++)
            {
                if (double.IsFinite(model.Limits.SecondsAt[site]) && variables.Site[vm, site] is { } here)
                {
                    cp.Add(time <= scales.Time(model.Limits.SecondsAt[site]) + 1).OnlyEnforceIf(here);
                }
            }

            if (double.IsFinite(model.Limits.CoreSecondsAt[site]))
            {
                // vCPUs times the least time: the product itself is left to the full check.
                var vcpus = LinearExpr.NewBuilder();
                for (var vm = 0; vm < model.VmCount; vm++)
                {
                    foreach (var seat in model.Choices[vm].SeatsAt(site))
                    {
                        vcpus.AddTerm(variables.Seat[vm, seat]!, model.Vcpus[seat]);
                    }
                }

                cp.Add(vcpus <= (long)Math.Floor(Math.Max(0, model.Limits.CoreSecondsAt[site] / scales.LeastSeconds)));
            }
        }
    }
}
