using Federation.Domain.Networks;

namespace Federation.Grains.Hosts;

/// <summary>How far the hosts of a segment are, as they have told. For one grain's single thread.</summary>
/// <param name="clock">Tells for how long one is behind.</param>
/// <param name="counts">Where it is counted who is.</param>
internal sealed class SegmentHosts(TimeProvider clock, SegmentCounts counts)
{
    private static readonly TimeSpan LooksAtSilentAfter = TimeSpan.FromSeconds(30);

    private readonly Dictionary<VtepId, long> known = [];
    private readonly Dictionary<VtepId, (long Due, DateTimeOffset Since)> behind = [];
    private readonly HashSet<VtepId> excused = [];
    private readonly Dictionary<long, SegmentUpdate?> updates = [];
    private HashSet<VtepId> unsettled = [];
    private SegmentRegister? looked;
    private bool isSettling;
    private int counted;
    private long? changed;

    /// <summary>Those that have an older revision than they should, or something of a segment that they have left.</summary>
    public IReadOnlyCollection<VtepId> Behind => [.. behind.Keys];

    /// <summary>Whether there are such.</summary>
    public bool AnyBehind => behind.Count > 0;

    /// <summary>The revision that a host has in force; 0: it has told none. One that is waited for no more: the highest number.</summary>
    public long AcknowledgedBy(VtepId host) => excused.Contains(host) ? long.MaxValue : known.GetValueOrDefault(host);

    /// <summary>Since when a host is behind; null: it is not.</summary>
    public DateTimeOffset? BehindSince(VtepId host) => behind.TryGetValue(host, out var one) ? one.Since : null;

    /// <summary>Looks at a register that may be new.</summary>
    /// <returns>The hosts that have to be told something.</returns>
    public List<VtepId> Look(SegmentRegister register)
    {
        if (ReferenceEquals(looked, register))
        {
            return [];
        }

        (looked, isSettling) = (register, register.IsSettling);
        unsettled = [.. register.Vms.Values.Where(vm => vm.SettlesAt > 0).Select(vm => vm.At).OfType<VtepId>()];
        updates.Clear();
        foreach (var gone in behind.Keys.Concat(known.Keys).Where(host => !register.Hosts.ContainsKey(host) && !register.Leaving.Contains(host)).ToList())
        {
            behind.Remove(gone);
            known.Remove(gone);
            excused.Remove(gone);
        }

        var now = clock.GetUtcNow();
        var news = new List<VtepId>();
        foreach (var host in register.Hosts.Keys.Concat(register.Leaving))
        {
            var due = register.DueAt(host);
            if (register.Leaving.Contains(host) || known.GetValueOrDefault(host) < due)
            {
                if (!behind.TryGetValue(host, out var before) || before.Due < due)
                {
                    news.Add(host);
                }

                behind[host] = (due, before.Due > 0 ? before.Since : now);
            }
            else
            {
                behind.Remove(host);
            }
        }

        Count();
        return news;
    }

    /// <summary>A host tells what it has in force; false: it has told that before.</summary>
    public bool Heard(VtepId host, long revision)
    {
        excused.Remove(host);
        var isNew = known.GetValueOrDefault(host) != revision;
        known[host] = revision;
        if (behind.TryGetValue(host, out var due) && revision >= due.Due)
        {
            behind.Remove(host);
            Count();
        }

        return isNew;
    }

    /// <summary>The grain leaves: it counts no more.</summary>
    public void Leave()
    {
        counts.Add(-counted);
        counted = 0;
    }

    /// <summary>Whether what a host has told may end that hosts send on. All of it is looked at from time to time.</summary>
    public bool MaySettle(VtepId host) => isSettling && (behind.Count == 0 || unsettled.Contains(host));

    /// <summary>The hosts that are behind for so long that it has to be asked whether they are off.</summary>
    public List<VtepId> LongBehind() => [.. behind.Where(one => clock.GetUtcNow() - one.Value.Since >= LooksAtSilentAfter).Select(one => one.Key)];

    /// <summary>Whether all hosts that are behind are so for long: nobody hurries them.</summary>
    public bool AreLongBehind => behind.Count > 0 && behind.Values.All(one => clock.GetUtcNow() - one.Since >= 2 * LooksAtSilentAfter);

    /// <summary>Waits for a host no more, or again.</summary>
    public void Excuse(VtepId host, bool isOff)
    {
        if (isOff)
        {
            excused.Add(host);
        }
        else
        {
            excused.Remove(host);
        }
    }

    // From the first host that falls behind until none is.
    private void Count()
    {
        counts.Add(behind.Count - counted);
        counted = behind.Count;
        if (behind.Count > 0)
        {
            changed ??= clock.GetTimestamp();
        }
        else if (changed is { } since)
        {
            changed = null;
            counts.Told(clock.GetElapsedTime(since));
        }
    }

    /// <summary>What a host has to be told; null: nothing. A thousand hosts that have the same are told by one answer.</summary>
    public SegmentUpdate? NewsFor(SegmentRegister register, VtepId host, long? known)
    {
        if (known is not { } has || !ReferenceEquals(register, looked) || !register.Hosts.TryGetValue(host, out var here) || has < here.Since || has >= register.DueAt(host))
        {
            return register.NewsFor(host, known);
        }

        if (!updates.TryGetValue(has, out var update))
        {
            updates[has] = update = register.NewsFor(host, has);
        }

        return update;
    }
}
