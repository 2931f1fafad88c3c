using Federation.Domain.Plans;

namespace Federation.Planning.Tests;

internal static class Given
{
    /// <summary>So much time that no test's answer depends on it.</summary>
    public static SolverOptions AmpleTime { get; } = new() { TimeLimit = TimeSpan.FromHours(1) };
}
