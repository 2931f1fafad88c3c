using System.Collections.Concurrent;
using Federation.Domain.Identity;

namespace Federation.Silo.Access;

/// <summary>Which application a bare name meant a moment ago, where it was the only one of that name: reads need not ask the federation's directory each time.</summary>
/// <remarks>A name is kept for one second. Whoever finds that the application is gone asks the directory.</remarks>
/// <param name="clock">Tells how old an entry is.</param>
internal sealed class RecentNames(TimeProvider clock)
{
    private const int Most = 10_000;
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (AppId Only, long At)> names = new();

    /// <summary>The only application of a name; null: not known, or not any more.</summary>
    public AppId? Of(string name) => names.TryGetValue(name, out var known) && clock.GetElapsedTime(known.At) < Kept ? known.Only : null;

    /// <summary>Notes that a name means one application only.</summary>
    public void Note(AppId only)
    {
        if (names.Count >= Most)
        {
            names.Clear();
        }

        names[only.Name] = (only, clock.GetTimestamp());
    }
}
