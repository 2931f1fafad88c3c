namespace Federation.Host.Paths;

/// <summary>Whether two hosts have so much to say to each other that they are worth a path of their own, by what was counted window after window. Pure.</summary>
/// <param name="IsHigh">Whether they have.</param>
/// <param name="Run">Windows in a row that say otherwise.</param>
/// <param name="BytesPerSecond">What the last window had, both directions.</param>
internal readonly record struct Demand(bool IsHigh, int Run, double BytesPerSecond)
{
    /// <summary>Windows in a row that have to be above the threshold.</summary>
    public const int Rises = 2;

    /// <summary>Windows in a row that have to be below a quarter of it.</summary>
    public const int Falls = 4;

    /// <summary>Traffic that stays is below this part of the threshold: between the two nothing changes.</summary>
    public const double Low = 0.25;

    /// <summary>What it is after another window.</summary>
    /// <param name="bytesPerSecond">What the window had, both directions.</param>
    /// <param name="above">The threshold, bytes a second.</param>
    public Demand After(double bytesPerSecond, double above)
    {
        var saysOtherwise = IsHigh ? bytesPerSecond < above * Low : bytesPerSecond >= above;
        var run = saysOtherwise ? Run + 1 : 0;
        return run >= (IsHigh ? Falls : Rises) ? new(!IsHigh, 0, bytesPerSecond) : new(IsHigh, run, bytesPerSecond);
    }
}
