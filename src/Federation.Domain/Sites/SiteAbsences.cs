using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Sites;

/// <summary>Which sites no silo serves, since when, and which of them were told of. Compared by reference.</summary>
public sealed record SiteAbsences
{
    /// <summary>How long a site is away before that is told: a silo that is started anew is back sooner.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The absences, by site.</summary>
    public ImmutableSortedDictionary<SiteId, Absence> Away { get; init; } = ImmutableSortedDictionary<SiteId, Absence>.Empty;

    /// <summary>What a look comes to.</summary>
    /// <param name="away">The sites that no silo serves now.</param>
    /// <param name="now">The time of the look.</param>
    public SiteAbsenceNews After(IReadOnlyCollection<SiteId> away, DateTimeOffset now)
    {
        var next = ImmutableSortedDictionary.CreateBuilder<SiteId, Absence>();
        foreach (var site in away)
        {
            // What is ahead of the clock was seen before it was set back.
            var since = Away.GetValueOrDefault(site) is { } known && known.Since <= now ? known.Since : now;
            next[site] = new(since, IsTold: IsTold(site) || now - since >= Patience);
        }

        return new(
            new() { Away = next.ToImmutable() },
            [.. next.Where(entry => entry.Value.IsTold && !IsTold(entry.Key)).Select(entry => entry.Key)],
            [.. Away.Where(entry => entry.Value.IsTold && !next.ContainsKey(entry.Key)).Select(entry => entry.Key)]);
    }

    /// <summary>Whether both say the same.</summary>
    public bool IsSameAs(SiteAbsences other) => Away.SequenceEqual(other.Away);

    private bool IsTold(SiteId site) => Away.GetValueOrDefault(site) is { IsTold: true };

    /// <summary>One site's absence.</summary>
    /// <param name="Since">When it was first seen to be away.</param>
    /// <param name="IsTold">Whether that was told.</param>
    public sealed record Absence(DateTimeOffset Since, bool IsTold);
}

/// <summary>What a look at the sites has found. Compared by reference.</summary>
/// <param name="Next">The absences from now on.</param>
/// <param name="Lost">The sites that have been away for so long now that it is to be told.</param>
/// <param name="Returned">The sites that were told to be away, and are back.</param>
public sealed record SiteAbsenceNews(SiteAbsences Next, ImmutableArray<SiteId> Lost, ImmutableArray<SiteId> Returned);
