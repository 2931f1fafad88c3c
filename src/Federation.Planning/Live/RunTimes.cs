using Federation.Planning.Model;

namespace Federation.Planning.Live;

/// <summary>How long each VM runs, and the longest of them, move by move.</summary>
internal sealed class RunTimes(CostModel model, LinkFactors links)
{
    private readonly double scale = 1 / model.Problem.RemainingSeconds;
    private readonly double[] receiving = new double[model.VmCount];
    private readonly MaxTree times = new(model.VmCount);
    private double powers;

    /// <summary>The longest run time, in seconds.</summary>
    public double Longest => times.Max;

    /// <summary>A mean of all run times in which long ones weigh most: their mean of the eighth power, in seconds. Falls where the longest does not.</summary>
    public double Strain => StrainOf(powers);

    /// <summary>A VM that runs longest.</summary>
    public int Slowest => times.ArgMax();

    /// <summary>Works all of it out anew. O(VMs + pairs).</summary>
    public void Load(int[] seats, int[] sites)
    {
        times.Clear();
        powers = 0;
        for (var vm = 0; vm < receiving.Length; vm++)
        {
            double seconds = 0;
            foreach (var flow in model.Problem.Endpoints.Of[vm])
            {
                seconds += Receive(new(flow.Received.WaitsPerSecond, flow.Received.BytesPerSecond), (flow.Site * links.Width) + sites[vm]);
            }

            foreach (ref readonly var edge in model.Graph.Of(vm))
            {
                seconds += Receive(edge.Received, (sites[edge.Vm] * links.Width) + sites[vm]);
            }

            receiving[vm] = seconds;
            times.Set(vm, RunSeconds(vm, seats[vm], seconds));
            powers += Power(times[vm]);
        }
    }

    /// <summary>The longest run time, and the strain, if a VM took another seat. O(degree) but where the slowest VM gets faster.</summary>
    public (double Longest, double Strain) After(int vm, int seat, int from, int to, SiteExchange exchange, int[] sites)
    {
        var top = times.Max;
        var topChanges = times[vm] == top;
        var longest = RunSeconds(vm, seat, ReceivingAt(to, exchange));
        var sum = powers + Power(longest) - Power(times[vm]);
        if (from != to)
        {
            foreach (ref readonly var edge in model.Graph.Of(vm))
            {
                if (edge.Sends && sites[edge.Vm] != links.Nowhere)
                {
                    var seconds = times[edge.Vm];
                    var then = Math.Max(0, seconds + (model.Felt * Change(edge.Sent, from, to, sites[edge.Vm])));
                    topChanges |= seconds == top;
                    longest = Math.Max(longest, then);
                    sum += Power(then) - Power(seconds);
                }
            }
        }

        longest = longest >= top ? longest : topChanges ? Math.Max(longest, LongestOfOthers(vm, from != to)) : top;
        return (longest, StrainOf(sum));
    }

    /// <summary>Takes a move into account.</summary>
    public void Apply(int vm, int seat, int from, int to, SiteExchange exchange, int[] sites, int[] seats)
    {
        receiving[vm] = ReceivingAt(to, exchange);
        Set(vm, RunSeconds(vm, seat, receiving[vm]));
        if (from == to)
        {
            return;
        }

        foreach (ref readonly var edge in model.Graph.Of(vm))
        {
            if (edge.Sends)
            {
                receiving[edge.Vm] += Change(edge.Sent, from, to, sites[edge.Vm]);
                Set(edge.Vm, RunSeconds(edge.Vm, seats[edge.Vm], receiving[edge.Vm]));
            }
        }
    }

    private void Set(int vm, double seconds)
    {
        powers += Power(seconds) - Power(times[vm]);
        times.Set(vm, seconds);
    }

    private double Power(double seconds)
    {
        var square = seconds * scale * seconds * scale;
        var fourth = square * square;
        return fourth * fourth;
    }

    private double StrainOf(double sum) => Math.Sqrt(Math.Sqrt(Math.Sqrt(Math.Max(0, sum) / receiving.Length))) / scale;

    private double LongestOfOthers(int vm, bool peersToo)
    {
        times.BeginLeavingOut();
        times.LeaveOut(vm);
        if (peersToo)
        {
            foreach (ref readonly var edge in model.Graph.Of(vm))
            {
                if (edge.Sends)
                {
                    times.LeaveOut(edge.Vm);
                }
            }
        }

        return times.MaxOfOthers();
    }

    // A VM that is nowhere has the seat beyond the last one, and does not run.
    private double RunSeconds(int vm, int seat, double seconds) =>
        seat == model.SeatCount ? 0 : Math.Max(0, (model.Work[vm] / model.Speed[seat]) + (model.Felt * seconds));

    private double ReceivingAt(int to, SiteExchange exchange)
    {
        double seconds = 0;
        foreach (var site in exchange.Sites)
        {
            var pair = (site * links.Width) + to;
            seconds += (exchange.ReceivedWaits[site] * links.SecondsPerWait[pair]) + (exchange.ReceivedBytes[site] * links.SecondsPerByte[pair]);
        }

        return seconds;
    }

    private double Change(in Rate rate, int from, int to, int peer)
    {
        var (before, after) = ((from * links.Width) + peer, (to * links.Width) + peer);
        return (rate.Waits * (links.SecondsPerWait[after] - links.SecondsPerWait[before]))
            + (rate.Bytes * (links.SecondsPerByte[after] - links.SecondsPerByte[before]));
    }

    private double Receive(in Rate rate, int pair) =>
        (rate.Waits * links.SecondsPerWait[pair]) + (rate.Bytes * links.SecondsPerByte[pair]);
}
