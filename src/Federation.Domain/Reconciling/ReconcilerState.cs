using System.Collections.Immutable;

namespace Federation.Domain.Reconciling;

/// <summary>What the looks so far have found. What is found once may be on its way: it is repaired when it is still the same a while later.</summary>
public sealed record ReconcilerState
{
    /// <summary>What the last look found, each with when it was first seen; in every look since.</summary>
    public ImmutableArray<SeenFinding> Seen { get; init; } = [];

    /// <summary>When the last look was taken; null: never.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>The state after another look.</summary>
    public ReconcilerState After(ImmutableArray<Finding> findings, DateTimeOffset now)
    {
        var since = Seen.ToDictionary(seen => seen.Finding.Subject, seen => seen.Since);
        return new()
        {
            LookedAt = now,
            // What was seen ahead of the clock was seen before it was set back: it settles from now on.
            Seen = [.. findings.DistinctBy(finding => finding.Subject).Select(finding =>
                new SeenFinding(finding, since.TryGetValue(finding.Subject, out var first) && first <= now ? first : now))],
        };
    }

    /// <summary>What can be repaired now.</summary>
    /// <param name="now">The time of the last look.</param>
    /// <param name="settle">How long a finding has to last.</param>
    public ImmutableArray<Finding> Due(DateTimeOffset now, TimeSpan settle) =>
        [.. Seen.Where(seen => seen.IsDue(now, settle)).Select(seen => seen.Finding)];
}

/// <summary>A finding and since when it has been seen.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Since">The first of the looks in a row that had it.</param>
public sealed record SeenFinding(Finding Finding, DateTimeOffset Since)
{
    /// <summary>Whether it can be repaired, and has lasted long enough.</summary>
    public bool IsDue(DateTimeOffset now, TimeSpan settle) => Finding.Repair is not null && (Finding.IsCertain || now - Since >= settle);
}
