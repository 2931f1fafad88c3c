using Federation.Domain.Estimation;
using Federation.Planning.Model;

namespace Federation.Planning.Bounds;

/// <summary>A placement that grows and shrinks by one VM at a time, in a fixed order, with what its traffic takes at least.</summary>
/// <remarks>
/// For every VM and every site that it may be at it keeps the seconds that the VM would spend receiving there, and the egress of its pairs with
/// the VMs before it: exact towards VMs that have a seat, the least over their candidates otherwise. So every pair is counted, and once.
/// A step costs O(peers x sites); going back restores saved rows, so that no rounding adds up.
/// </remarks>
internal sealed class PartialPlacement
{
    private readonly CostModel model;
    private readonly PairBounds bounds;
    private readonly int[] place;
    private readonly double[] receive;
    private readonly double[] money;
    private readonly double[] crossing;
    private readonly double[][] savedRows;
    private readonly double[][] savedCrossing;

    /// <summary>An empty placement.</summary>
    public PartialPlacement(CostModel model, int[] order)
    {
        this.model = model;
        Order = order;
        bounds = new(model);
        Ledger = new(model.Problem);
        Seats = new int[order.Length];
        place = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            (Seats[i], place[order[i]]) = (-1, i);
        }

        receive = new double[order.Length * model.SiteCount];
        money = new double[order.Length * model.SiteCount];
        crossing = new double[model.SiteCount * model.SiteCount];
        VmsAt = new int[model.SiteCount];
        VcpusAt = new int[model.SiteCount];
        savedRows = [.. order.Select(vm => new double[model.Peers[vm].Length * 2 * model.SiteCount])];
        savedCrossing = [.. order.Select(_ => new double[crossing.Length])];
        AddLeast();
    }

    /// <summary>The VMs in the order in which they get their seats.</summary>
    public int[] Order { get; }

    /// <summary>How many have one.</summary>
    public int Depth { get; private set; }

    /// <summary>Each VM's seat; -1: none yet.</summary>
    public int[] Seats { get; }

    /// <summary>VMs at each site.</summary>
    public int[] VmsAt { get; }

    /// <summary>Offers' vCPUs at each site.</summary>
    public int[] VcpusAt { get; }

    /// <summary>Capacity and quotas.</summary>
    public SeatLedger Ledger { get; }

    /// <summary>The seconds that a VM spends receiving at a site, at least; infinite if it cannot be there.</summary>
    public double Receive(int vm, int site) => receive[(vm * model.SiteCount) + site];

    /// <summary>The egress of a VM at a site and the VMs before it, at least; infinite if it cannot be there.</summary>
    public double Money(int vm, int site) => money[(vm * model.SiteCount) + site];

    /// <summary>The seconds that the fullest link is busy with what goes between VMs that have a seat, and between these and endpoints.</summary>
    public double BusiestLink()
    {
        double longest = 0;
        for (var pair = 0; pair < crossing.Length; pair++)
        {
            if (crossing[pair] > 0)
            {
                longest = Math.Max(longest, model.Links.BusySeconds(crossing[pair], pair));
            }
        }

        return longest;
    }

    /// <summary>Gives the next VM a seat.</summary>
    public void Take(int seat)
    {
        var (vm, site) = (Order[Depth], model.SiteOf[seat]);
        Save(vm);
        Seats[vm] = seat;
        Ledger.Take(seat);
        VmsAt[site]++;
        VcpusAt[site] += model.Vcpus[seat];
        foreach (var flow in model.Problem.Endpoints.Of[vm].Where(flow => flow.Site != site))
        {
            crossing[(site * model.SiteCount) + flow.Site] += flow.Sent.BytesPerSecond;
            crossing[(flow.Site * model.SiteCount) + site] += flow.Received.BytesPerSecond;
        }

        for (var i = 0; i < model.Peers[vm].Length; i++)
        {
            Tighten(vm, site, i);
        }

        Depth++;
    }

    /// <summary>Takes the last VM's seat back.</summary>
    public void Back()
    {
        Depth--;
        var vm = Order[Depth];
        var (seat, site) = (Seats[vm], model.SiteOf[Seats[vm]]);
        Restore(vm);
        Seats[vm] = -1;
        Ledger.Free(seat);
        VmsAt[site]--;
        VcpusAt[site] -= model.Vcpus[seat];
    }

    private void Tighten(int vm, int site, int index)
    {
        ref readonly var peer = ref model.Peers[vm][index];
        if (Seats[peer.Vm] >= 0)
        {
            AddCrossing(peer, site, model.SiteOf[Seats[peer.Vm]]);
        }

        foreach (var peerAt in model.CandidateSites[peer.Vm])
        {
            var cell = (peer.Vm * model.SiteCount) + peerAt;
            if (peer.Sent is { } sent)
            {
                receive[cell] = Replaced(receive[cell], bounds.Receive(vm, index)[peerAt], model.Links.ReceiveSeconds(sent, site, peerAt));
            }

            if (place[peer.Vm] > place[vm])
            {
                money[cell] = Replaced(money[cell], bounds.Money(vm, index)[peerAt], peer.Money(model.Links, site, peerAt));
            }
        }
    }

    // Where nothing but infinity is possible it stays: infinity less infinity would be no number.
    private static double Replaced(double sum, double least, double exact) =>
        double.IsPositiveInfinity(exact) ? exact : sum + (exact - least);

    private void AddCrossing(Peer peer, int site, int peerSite)
    {
        if (site != peerSite)
        {
            crossing[(site * model.SiteCount) + peerSite] += peer.Sent?.Bytes ?? 0;
            crossing[(peerSite * model.SiteCount) + site] += peer.Received?.Bytes ?? 0;
        }
    }

    private void AddLeast()
    {
        foreach (var vm in Order)
        {
            for (var i = 0; i < model.Peers[vm].Length; i++)
            {
                var peer = model.Peers[vm][i].Vm;
                for (var site = 0; site < model.SiteCount; site++)
                {
                    receive[(peer * model.SiteCount) + site] += bounds.Receive(vm, i)[site];
                    money[(peer * model.SiteCount) + site] += place[peer] > place[vm] ? bounds.Money(vm, i)[site] : 0;
                }
            }
        }
    }

    private void Save(int vm)
    {
        crossing.CopyTo(savedCrossing[Depth], 0);
        var (rows, sites) = (savedRows[Depth], model.SiteCount);
        for (var i = 0; i < model.Peers[vm].Length; i++)
        {
            var row = model.Peers[vm][i].Vm * sites;
            Array.Copy(receive, row, rows, i * 2 * sites, sites);
            Array.Copy(money, row, rows, ((i * 2) + 1) * sites, sites);
        }
    }

    private void Restore(int vm)
    {
        savedCrossing[Depth].CopyTo(crossing, 0);
        var (rows, sites) = (savedRows[Depth], model.SiteCount);
        for (var i = 0; i < model.Peers[vm].Length; i++)
        {
            var row = model.Peers[vm][i].Vm * sites;
            Array.Copy(rows, i * 2 * sites, receive, row, sites);
            Array.Copy(rows, ((i * 2) + 1) * sites, money, row, sites);
        }
    }
}
