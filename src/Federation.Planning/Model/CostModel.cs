using System.Collections.Immutable;
using Federation.Domain.Estimation;

namespace Federation.Planning.Model;

/// <summary>A placement problem as flat arrays: all that a search looks up, worked out once. Immutable.</summary>
/// <remarks>It says the same as <see cref="PlacementEstimator"/> and the rules, only faster; every answer is checked against those.</remarks>
internal sealed class CostModel
{
    private readonly int[] currentSeat;
    private readonly int[] currentSite;
    private readonly double[] restart;
    private readonly double[] restartMoney;
    private readonly Lazy<Peer[][]> peers;
    private readonly double[] moving;
    private readonly double[] downtime;
    private readonly double[] outside;
    private readonly double[] egressOutside;
    private readonly double[] endpointSeconds;
    private readonly double[] endpointMoney;

    /// <summary>Flattens a problem whose every VM has a candidate. O(VMs x seats + pairs + sites^2).</summary>
    public CostModel(PlacementProblem problem)
    {
        Problem = problem;
        Felt = 1 - problem.View.Application.Overlap;
        Links = new(problem);
        Limits = new(problem);
        Rates = new(problem);
        SiteOf = [.. problem.Seats.Select(seat => seat.SiteIndex)];
        Vcpus = [.. problem.Seats.Select(seat => seat.Offer.Vcpus)];
        Speed = [.. problem.Seats.Select(seat => seat.Offer.Speed)];
        Hosting = [.. problem.Seats.Select(seat => new HostingCurve(seat, problem.View.Now))];
        Work = [.. problem.Work];
        Graph = new(problem);
        peers = new(() => Peer.Of(problem));
        Choices = ChoicesOf(problem);
        Candidates = [.. Choices.Select(choice => choice.Seats)];
        CandidateSites = [.. Choices.Select(choice => choice.Sites)];
        NeededVcpus = problem.View.Application.Vms.Sum(vm => vm.Vcpus);
        currentSite = [.. problem.CurrentSeats.Select(seat => seat == PlacementProblem.Nowhere ? -1 : SiteOf[seat])];
        currentSeat = [.. problem.CurrentSeats];
        (restart, restartMoney) = (new double[VmCount], new double[VmCount]);
        egressOutside = [.. problem.Sites.Select(site => (double)site.Network.InternetEgressPerGB / 1e9)];
        moving = new double[VmCount * SiteCount];
        downtime = new double[VmCount * SiteCount];
        outside = new double[VmCount * SiteCount];
        endpointSeconds = new double[VmCount * SiteCount];
        endpointMoney = new double[VmCount * SiteCount];
        for (var vm = 0; vm < VmCount; vm++)
        {
            FillRow(vm);
        }
    }

    /// <summary>What it was made from.</summary>
    public PlacementProblem Problem { get; }

    /// <summary>The network.</summary>
    public LinkCosts Links { get; }

    /// <summary>The limits of time and money.</summary>
    public Limits Limits { get; }

    /// <summary>What seats cost an hour, where that is limited.</summary>
    public Rates Rates { get; }

    /// <summary>How many VMs there are.</summary>
    public int VmCount => Problem.VmCount;

    /// <summary>How many sites there are.</summary>
    public int SiteCount => Problem.Sites.Length;

    /// <summary>How many seats there are.</summary>
    public int SeatCount => SiteOf.Length;

    /// <summary>Each seat's site.</summary>
    public int[] SiteOf { get; }

    /// <summary>Each seat's vCPUs.</summary>
    public int[] Vcpus { get; }

    /// <summary>Each seat's speed.</summary>
    public double[] Speed { get; }

    /// <summary>Each seat's price.</summary>
    public HostingCurve[] Hosting { get; }

    /// <summary>Each VM's compute left, in seconds of the reference core.</summary>
    public double[] Work { get; }

    /// <summary>Whom each VM talks with; for small problems, larger ones have the <see cref="Graph"/>.</summary>
    public Peer[][] Peers => peers.Value;

    /// <summary>Whom each VM talks with, in one array.</summary>
    public TrafficGraph Graph { get; }

    /// <summary>What each VM could take that is not dominated; VMs of one kind share it.</summary>
    public Choice[] Choices { get; }

    /// <summary>The seats that each VM could take and that are not dominated, ascending; at least one.</summary>
    public int[][] Candidates { get; }

    /// <summary>The sites of each VM's candidates.</summary>
    public int[][] CandidateSites { get; }

    /// <summary>The vCPUs that all VMs need together.</summary>
    public int NeededVcpus { get; }

    /// <summary>The share of communication that the run time feels.</summary>
    public double Felt { get; }

    /// <summary>Whether a VM comes to a site from elsewhere.</summary>
    public bool Arrives(int vm, int site) => currentSite[vm] != site;

    /// <summary>What its traffic to the internet and to endpoints, and its move or restart, cost a VM on a seat: all that depends on its seat alone, but for hosting.</summary>
    public double Fixed(int vm, int seat) => FixedBesideEndpoints(vm, seat) + endpointMoney[(vm * SiteCount) + SiteOf[seat]];

    /// <summary>The same without endpoints, for what counts their traffic as that of peers which stay where they are.</summary>
    public double FixedBesideEndpoints(int vm, int seat) =>
        outside[(vm * SiteCount) + SiteOf[seat]] + moving[(vm * SiteCount) + SiteOf[seat]] + (Restarts(vm, seat) ? restartMoney[vm] : 0);

    /// <summary>What it counts besides money that a VM is at a site.</summary>
    public double Preference(int vm, int site) => Problem.Preferences.Of(vm, site);

    /// <summary>The most that all VMs can count besides money.</summary>
    public double MostPreference => Problem.Preferences.IsEmpty ? 0 : Enumerable.Range(0, VmCount).Sum(vm => CandidateSites[vm].Max(site => Preference(vm, site)));

    /// <summary>The seconds that a VM computes on a seat and waits for endpoints: its run time whatever the others do.</summary>
    public double RunAlone(int vm, int seat) => (Work[vm] / Speed[seat]) + (Felt * endpointSeconds[(vm * SiteCount) + SiteOf[seat]]);

    /// <summary>How long a VM stands still to get to a seat, in seconds; 0 if it does not move.</summary>
    public double Downtime(int vm, int seat) => downtime[(vm * SiteCount) + SiteOf[seat]] + (Restarts(vm, seat) ? restart[vm] : 0);

    // On another offer of the site where it runs.
    private bool Restarts(int vm, int seat) => currentSite[vm] == SiteOf[seat] && currentSeat[vm] != seat;

    private Choice[] ChoicesOf(PlacementProblem problem)
    {
        var known = new Dictionary<ImmutableArray<int>, Choice>();
        var choices = new Choice[problem.VmCount];
        for (var vm = 0; vm < choices.Length; vm++)
        {
            if (!known.TryGetValue(problem.Candidates[vm], out var choice))
            {
                choice = new(Dominance.Undominated(problem, vm), SiteOf, problem.Sites.Length, problem.CurrentSeats[vm]);
                known.Add(problem.Candidates[vm], choice);
            }

            choices[vm] = choice;
        }

        return choices;
    }

    private void FillRow(int vm)
    {
        foreach (var site in CandidateSites[vm])
        {
            var seat = Problem.Seats[Choices[vm].SeatsAt(site)[0]];
            var cell = (vm * SiteCount) + site;
            outside[cell] = Problem.BytesPerSecondOutside[vm] * egressOutside[site] * Problem.RemainingSeconds;
            endpointSeconds[cell] = Problem.Endpoints.ReceiveSeconds(vm, site);
            endpointMoney[cell] = Problem.Endpoints.MoneyPerGigasecond(vm, site) / 1e9 * Problem.RemainingSeconds;
            if (site == currentSite[vm])
            {
                // The same for each of its other offers.
                if (Choices[vm].SeatsAt(site).FirstOrDefault(other => Restarts(vm, other), -1) is >= 0 and var other)
                {
                    (restart[vm], restartMoney[vm]) = (Problem.Restart(vm, site)!.Value.DelaySeconds, PlacementEstimator.Moving(Problem, vm, Problem.Seats[other])!.Value);
                }
            }
            else if (Problem.Moves(vm, seat))
            {
                moving[cell] = PlacementEstimator.Moving(Problem, vm, seat)!.Value;
                downtime[cell] = Problem.Migration(vm, seat)!.Value.DelaySeconds;
            }
        }
    }
}
