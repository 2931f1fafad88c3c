namespace Federation.Grains.Access;

/// <summary>How many refused calls a silo writes into the audit log: 5 a second, 500 at once after a rest. Those above are counted in the next entry.</summary>
/// <remarks>Each entry is a write of the database, and a program behind a gateway can be refused many thousand times a second.</remarks>
/// <param name="clock">Refills the budget.</param>
internal sealed class RefusalBudget(TimeProvider clock)
{
    private const double PerSecond = 5;
    private const double Burst = 500;

    private readonly Lock gate = new();
    private double left = Burst;
    private long at = clock.GetTimestamp();
    private long uncounted;

    /// <summary>Asks whether a refusal is to be written.</summary>
    /// <param name="before">How many before it were not, since the last that was; meaningless where the answer is no.</param>
    public bool Spend(out long before)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            left = Math.Min(Burst, left + (clock.GetElapsedTime(at, now).TotalSeconds * PerSecond));
            at = now;
            before = uncounted;
            var has = left >= 1;
            (left, uncounted) = has ? (left - 1, 0) : (left, uncounted + 1);
            return has;
        }
    }
}
