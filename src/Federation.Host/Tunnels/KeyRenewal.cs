using System.Collections.Immutable;

namespace Federation.Host.Tunnels;

/// <summary>When a host begins another generation of its keys, and when it gives one up. Pure.</summary>
internal static class KeyRenewal
{
    /// <summary>Generations at a time.</summary>
    public const int Kept = 2;

    /// <summary>How long both generations are kept once the newer one is used with everybody: the others change over by themselves.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    /// <summary>The generation that is to be begun now; null: none.</summary>
    /// <param name="own">The host's own generations, each with the time that its keys were made.</param>
    /// <param name="theirs">Generations of the others: one that is ahead is followed.</param>
    /// <param name="lifetime">How long keys are used.</param>
    /// <param name="now">The clock.</param>
    public static int? Next(ImmutableSortedDictionary<int, DateTimeOffset> own, IEnumerable<int> theirs, TimeSpan lifetime, DateTimeOffset now)
    {
        var newest = own.Keys.DefaultIfEmpty(0).Max();
        var wanted = own.IsEmpty ? 1 : now - own[newest] >= lifetime ? newest + 1 : newest;
        wanted = Math.Max(wanted, theirs.DefaultIfEmpty(0).Max());
        return wanted > newest ? wanted : null;
    }

    /// <summary>The generation that nobody needs any more; null: none.</summary>
    /// <param name="own">The host's own generations.</param>
    /// <param name="settledFor">How long everybody has been reached by the newest one; null: not everybody is.</param>
    public static int? Over(IReadOnlyCollection<int> own, TimeSpan? settledFor) => own.Count >= Kept && settledFor >= Overlap ? own.Min() : null;

    /// <summary>Whether everybody is reached by the newest generation.</summary>
    /// <param name="own">The host's own generations.</param>
    /// <param name="used">The generations by which others are reached; null: one is not.</param>
    public static bool IsSettled(IReadOnlyCollection<int> own, IEnumerable<int?> used) => own.Count > 0 && used.All(way => way == own.Max());
}
