using Federation.Planning.Model;

namespace Federation.Planning.Live;

/// <summary>How long each link between two sites is busy, the longest of them, egress, and links that are missing, move by move.</summary>
internal sealed class LinkLoads(CostModel model, LinkFactors links)
{
    private readonly double[] bytes = new double[links.Width * links.Width];
    private readonly MaxTree busy = new(links.Width * links.Width);
    private int missing;

    /// <summary>How long the busiest link is busy, in seconds.</summary>
    public double Busiest => busy.Max;

    /// <summary>The sites that the busiest link is between.</summary>
    public (int From, int To) BusiestLink => (busy.ArgMax() / links.Width, busy.ArgMax() % links.Width);

    /// <summary>Egress between sites, in currency.</summary>
    public double Money { get; private set; }

    /// <summary>Flows that would need a link where there is none.</summary>
    public int Missing => missing;

    /// <summary>Works all of it out anew. O(VMs + pairs + sites^2).</summary>
    public void Load(int[] sites)
    {
        Array.Clear(bytes);
        busy.Clear();
        (Money, missing) = (0, 0);
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            foreach (ref readonly var edge in model.Graph.Of(vm))
            {
                var pair = (sites[vm] * links.Width) + sites[edge.Vm];
                Money += edge.Sent.Bytes * links.MoneyPerByte[pair];
                missing += edge.Sends && links.Missing[pair] ? 1 : 0;
                bytes[pair] += sites[vm] != sites[edge.Vm] ? edge.Sent.Bytes : 0;
            }

            foreach (var flow in model.Problem.Endpoints.Of[vm])
            {
                var (there, back) = ((sites[vm] * links.Width) + flow.Site, (flow.Site * links.Width) + sites[vm]);
                Money += (flow.Sent.BytesPerSecond * links.MoneyPerByte[there]) + (flow.Received.BytesPerSecond * links.MoneyPerByte[back]);
                bytes[there] += sites[vm] != flow.Site ? flow.Sent.BytesPerSecond : 0;
                bytes[back] += sites[vm] != flow.Site ? flow.Received.BytesPerSecond : 0;
            }
        }

        for (var pair = 0; pair < bytes.Length; pair++)
        {
            busy.Set(pair, bytes[pair] * links.SecondsPerByte[pair]);
        }
    }

    /// <summary>What it would be if a VM went from one site to another. O(sites it talks with) but where the busiest link gets less busy.</summary>
    public (double Busiest, double Money, int Missing) After(int from, int to, SiteExchange exchange)
    {
        var (money, absent, top) = (Money, missing, busy.Max);
        var (longest, topChanges) = (0.0, false);
        foreach (var site in exchange.Sites)
        {
            var (sent, received) = (exchange.SentBytes[site], exchange.ReceivedBytes[site]);
            var (fromOut, fromIn) = ((from * links.Width) + site, (site * links.Width) + from);
            var (toOut, toIn) = ((to * links.Width) + site, (site * links.Width) + to);
            money += (sent * (links.MoneyPerByte[toOut] - links.MoneyPerByte[fromOut]))
                + (received * (links.MoneyPerByte[toIn] - links.MoneyPerByte[fromIn]));
            absent += links.AnyMissing ? MissingChange(site, exchange, fromOut, fromIn, toOut, toIn) : 0;
            if (site != from && site != to)
            {
                topChanges |= (busy[fromOut] == top && sent > 0) || (busy[fromIn] == top && received > 0);
                longest = Math.Max(longest, Math.Max(Seconds(fromOut, -sent), Seconds(fromIn, -received)));
                longest = Math.Max(longest, Math.Max(Seconds(toOut, sent), Seconds(toIn, received)));
            }
        }

        // Between the two sites themselves, what was within the old one and what was between them changes at once.
        var (there, back) = ((from * links.Width) + to, (to * links.Width) + from);
        var (moreThere, moreBack) = Between(from, to, exchange);
        topChanges |= (busy[there] == top && moreThere < 0) || (busy[back] == top && moreBack < 0);
        longest = Math.Max(longest, Math.Max(Seconds(there, moreThere), Seconds(back, moreBack)));
        return (longest >= top ? longest : topChanges ? Math.Max(longest, BusiestOfOthers(from, to, exchange)) : top, money, absent);
    }

    /// <summary>Takes a move into account.</summary>
    public void Apply(int from, int to, SiteExchange exchange)
    {
        foreach (var site in exchange.Sites)
        {
            var (sent, received) = (exchange.SentBytes[site], exchange.ReceivedBytes[site]);
            var (fromOut, fromIn) = ((from * links.Width) + site, (site * links.Width) + from);
            var (toOut, toIn) = ((to * links.Width) + site, (site * links.Width) + to);
            Money += (sent * (links.MoneyPerByte[toOut] - links.MoneyPerByte[fromOut]))
                + (received * (links.MoneyPerByte[toIn] - links.MoneyPerByte[fromIn]));
            missing += links.AnyMissing ? MissingChange(site, exchange, fromOut, fromIn, toOut, toIn) : 0;
            if (site != from && site != to)
            {
                Add(fromOut, -sent);
                Add(fromIn, -received);
                Add(toOut, sent);
                Add(toIn, received);
            }
        }

        var (there, back) = Between(from, to, exchange);
        Add((from * links.Width) + to, there);
        Add((to * links.Width) + from, back);
    }

    private static (double There, double Back) Between(int from, int to, SiteExchange exchange)
    {
        var (sentTo, receivedTo) = exchange.Has(to) ? (exchange.SentBytes[to], exchange.ReceivedBytes[to]) : (0, 0);
        var (sentFrom, receivedFrom) = exchange.Has(from) ? (exchange.SentBytes[from], exchange.ReceivedBytes[from]) : (0, 0);
        return (receivedFrom - sentTo, sentFrom - receivedTo);
    }

    private int MissingChange(int site, SiteExchange exchange, int fromOut, int fromIn, int toOut, int toIn) =>
        ((links.Missing[toOut] ? 1 : 0) - (links.Missing[fromOut] ? 1 : 0)) * exchange.FlowsTo[site]
        + (((links.Missing[toIn] ? 1 : 0) - (links.Missing[fromIn] ? 1 : 0)) * exchange.FlowsFrom[site]);

    private double BusiestOfOthers(int from, int to, SiteExchange exchange)
    {
        busy.BeginLeavingOut();
        foreach (var site in exchange.Sites)
        {
            busy.LeaveOut((from * links.Width) + site);
            busy.LeaveOut((site * links.Width) + from);
        }

        busy.LeaveOut((from * links.Width) + to);
        busy.LeaveOut((to * links.Width) + from);
        return busy.MaxOfOthers();
    }

    private double Seconds(int pair, double more) => Math.Max(0, bytes[pair] + more) * links.SecondsPerByte[pair];

    private void Add(int pair, double more)
    {
        if (more != 0)
        {
            bytes[pair] += more;
            busy.Set(pair, Math.Max(0, bytes[pair]) * links.SecondsPerByte[pair]);
        }
    }
}
