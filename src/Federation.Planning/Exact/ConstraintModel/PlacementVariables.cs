using Federation.Planning.Model;
using Google.OrTools.Sat;

namespace Federation.Planning.Exact.ConstraintModel;

/// <summary>Which seat each VM takes, which site, and at which two sites each pair of VMs that talk is: a literal each.</summary>
internal sealed class PlacementVariables
{
    private readonly CostModel model;
    private readonly ILookup<int, PairAt> ofVm;

    /// <summary>Makes them, and ties them to each other.</summary>
    public PlacementVariables(CpModel cp, CostModel model)
    {
        this.model = model;
        Seat = new BoolVar?[model.VmCount, model.SeatCount];
        Site = new BoolVar?[model.VmCount, model.SiteCount];
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            AddVm(cp, vm);
        }

        Pairs = [.. AddPairs(cp)];
        ofVm = Pairs.SelectMany(pair => new[] { (pair.Vm, pair), (pair.Edge.Vm, pair) }).ToLookup(entry => entry.Item1, entry => entry.pair);
    }

    /// <summary>By VM and seat; null: it is no candidate.</summary>
    public BoolVar?[,] Seat { get; }

    /// <summary>By VM and site; null: it has no candidate there.</summary>
    public BoolVar?[,] Site { get; }

    /// <summary>Every pair of VMs that talk, at every two sites that have the links for it.</summary>
    public PairAt[] Pairs { get; }

    /// <summary>The pairs that a VM is one of.</summary>
    public IEnumerable<PairAt> OfVm(int vm) => ofVm[vm];

    /// <summary>A pair of VMs at two sites, and what they exchange as the first VM sees it.</summary>
    public sealed record PairAt(int Vm, Edge Edge, int Site, int PeerSite, BoolVar IsThere);

    private void AddVm(CpModel cp, int vm)
    {
        foreach (var seat in model.Candidates[vm])
        {
            Seat[vm, seat] = cp.NewBoolVar("");
        }

        cp.AddExactlyOne(model.Candidates[vm].Select(seat => (ILiteral)Seat[vm, seat]!));
        foreach (var site in model.CandidateSites[vm])
        {
            var seats = model.Choices[vm].SeatsAt(site);
            Site[vm, site] = seats.Length == 1 ? Seat[vm, seats[0]] : cp.NewBoolVar("");
            if (seats.Length > 1)
            {
                cp.Add(LinearExpr.Sum(seats.Select(seat => Seat[vm, seat]!)) == Site[vm, site]!);
            }
        }

        cp.AddExactlyOne(model.CandidateSites[vm].Select(site => (ILiteral)Site[vm, site]!));
    }

    // A pair is at two sites where each of its VMs is: the products in a form whose linear relaxation is tight.
    private List<PairAt> AddPairs(CpModel cp)
    {
        var pairs = new List<PairAt>();
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            foreach (var edge in model.Graph.Of(vm).ToArray().Where(edge => edge.Vm > vm))
            {
                AddPair(cp, vm, edge, pairs);
            }
        }

        return pairs;
    }

    private void AddPair(CpModel cp, int vm, Edge edge, List<PairAt> pairs)
    {
        var first = pairs.Count;
        foreach (var site in model.CandidateSites[vm])
        {
            foreach (var peerSite in model.CandidateSites[edge.Vm])
            {
                if ((!edge.Sends || model.Links.Exists(site, peerSite)) && (!edge.Receives || model.Links.Exists(peerSite, site)))
                {
                    pairs.Add(new(vm, edge, site, peerSite, cp.NewBoolVar("")));
                }
            }
        }

        var these = pairs.Skip(first).ToArray();
        foreach (var site in model.CandidateSites[vm])
        {
            cp.Add(LinearExpr.Sum(these.Where(pair => pair.Site == site).Select(pair => pair.IsThere)) == Site[vm, site]!);
        }

        foreach (var site in model.CandidateSites[edge.Vm])
        {
            cp.Add(LinearExpr.Sum(these.Where(pair => pair.PeerSite == site).Select(pair => pair.IsThere)) == Site[edge.Vm, site]!);
        }
    }
}
