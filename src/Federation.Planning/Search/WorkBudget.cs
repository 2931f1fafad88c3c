namespace Federation.Planning.Search;

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
