using Federation.Domain.Estimation;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>How many starts a problem gets, and how much work each: a function of its size alone.</summary>
/// <param name="Starts">Independent starts.</param>
/// <param name="WorkPerStart">Steps over a peer, about 30 million of which take a second.</param>
/// <param name="PeakFrom">Starts from this number on look only for placements that every order of moves has room for.</param>
internal readonly record struct SearchEffort(int Starts, long WorkPerStart, int PeakFrom)
{
    /// <summary>Up to so many VMs a start comes back to the beginning again and again; beyond, it refines one placement from coarse to fine.</summary>
    public const int MostVmsForRounds = 64;

    // What is that small is found by less, and proven where nobody asks for the search.
    private const int FewVms = 12;

    // Where room is scarce, proofs take minutes from about so many on, and what is left to find is worth more time than elsewhere.
    private const int VmsThatScarceRoomMakesHard = 32;

    private const int MostVmsForSomeStarts = 150;
    private const long MostWorkBeforeVms = 10_000_000;
    private const int WorkPerVm = 10_000;

    // Each of the first ones counts twice.
    private const int VmsOfMoreWork = 1_000;

    /// <summary>The effort for a problem.</summary>
    public static SearchEffort For(CostModel model, double share)
    {
        var seats = model.Choices.Distinct().Max(choice => choice.Seats.Length);
        var isHard = model.VmCount is > FewVms and <= MostVmsForRounds;
        var starts = isHard ? 8 : model.VmCount <= MostVmsForSomeStarts ? 4 : 2;
        var vms = (double)model.VmCount;
        // Small problems are done when everything was tried many times over, large ones when the goals of time say so.
        var small = 60_000 * vms * Math.Min(seats, 40);
        var large = MostWorkBeforeVms + (WorkPerVm * (vms + Math.Min(vms, VmsOfMoreWork)));
        var more = !isHard ? 1 : model.VmCount > VmsThatScarceRoomMakesHard && model.Problem.Room.IsScarce ? 8 : 2;
        var work = Math.Min(small, large) * more / (starts / 2.0);
        var moves = model.Problem.CurrentSeats.Any(seat => seat != PlacementProblem.Nowhere);
        return new(starts, (long)(work * share), moves ? starts - 1 : starts);
    }

    /// <summary>Whether a start looks only for placements that every order of moves has room for.</summary>
    public bool IsPeak(int start) => start >= PeakFrom;
}

/// <summary>How much a search may still do, in steps over a peer: the same on any machine, while the clock only cuts. Mutable.</summary>
internal sealed class WorkBudget(long work, SearchClock clock)
{
    private const int WorkBetweenLooks = 20_000;

    private long nextLook;
    private bool cut;

    /// <summary>What was done so far.</summary>
    public long Done { get; private set; }

    /// <summary>All that may be done.</summary>
    public long Total { get; } = work;

    /// <summary>Whether all is done, or the time is over.</summary>
    public bool IsOver => cut || Done >= Total;

    /// <summary>Counts work that was done.</summary>
    public void Spend(int steps)
    {
        Done += steps;
        if (Done >= nextLook)
        {
            nextLook = Done + WorkBetweenLooks;
            cut = clock.IsOver();
        }
    }
}
