namespace Federation.Grains;

/// <summary>Windows that the traffic store has and memory has not, because the clock is not there yet. Mutable.</summary>
/// <remarks>At most as many as reports may be ahead: the store has the reports themselves.</remarks>
internal sealed class AheadWindows
{
    private readonly SortedSet<int> numbers = [];

    /// <summary>Whether any wait.</summary>
    public bool IsEmpty => numbers.Count == 0;

    /// <summary>A window is in the store, and ahead of the clock.</summary>
    public void Note(int number) => numbers.Add(number);

    /// <summary>Whether the clock has reached one.</summary>
    public bool HasReached(int newest) => numbers.Count > 0 && numbers.Min <= newest;

    /// <summary>Those that the clock has reached, oldest first; they wait no more.</summary>
    public int[] TakeReached(int newest)
    {
        int[] reached = [.. numbers.TakeWhile(number => number <= newest)];
        numbers.ExceptWith(reached);
        return reached;
    }
}
