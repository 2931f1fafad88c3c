namespace Federation.Actuation.Conformance;

/// <summary>What became of a check.</summary>
/// <param name="Name">The check's.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why it failed, or was not made; null: it passed.</param>
/// <param name="Seconds">How long it took, seconds.</param>
public sealed record CheckResult(string Name, CheckOutcome Outcome, string? Reason, double Seconds);

/// <summary>What can become of a check.</summary>
public enum CheckOutcome
{
    /// <summary>The driver does what is asked.</summary>
    Passed,

    /// <summary>It does not.</summary>
    Failed,

    /// <summary>It does not promise to.</summary>
    NotPromised,
}

/// <summary>A driver does not do what is asked of it; the message says what it did.</summary>
public sealed class CheckFailedException : Exception
{
    /// <summary>With the reason.</summary>
    public CheckFailedException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason and what caused it.</summary>
    public CheckFailedException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a reason; for serializers.</summary>
    public CheckFailedException()
    {
    }
}
