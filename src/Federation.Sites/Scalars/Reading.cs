namespace Federation.Sites.Scalars;

/// <summary>A text read as a value, or the reason why it is none and what would be.</summary>
/// <param name="Value">The value; the type's default if there is a problem.</param>
/// <param name="Problem">What is wrong; null if nothing is.</param>
/// <param name="Remedy">What would be right; null if nothing is wrong.</param>
internal readonly record struct Reading<T>(T Value, string? Problem, string? Remedy)
{
    /// <summary>Goes on with the value, if there is one.</summary>
    public Reading<TNext> Then<TNext>(Func<T, Reading<TNext>> next) =>
        Problem is null ? next(Value) : new(default!, Problem, Remedy);
}

/// <summary>Makes readings.</summary>
internal static class Reading
{
    /// <summary>A value.</summary>
    public static Reading<T> Of<T>(T value) => new(value, null, null);

    /// <summary>No value, because.</summary>
    public static Reading<T> No<T>(string problem, string remedy) => new(default!, problem, remedy);
}
