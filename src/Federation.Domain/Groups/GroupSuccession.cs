using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Domain.Groups;

/// <summary>Who continues whom when overlapping groups are replaced, and what happened to tell of.</summary>
internal sealed class GroupSuccession
{
    private readonly ImmutableArray<TrackedGroup> before;
    private readonly Window began;
    private readonly Window confirmed;

    public GroupSuccession(GroupOverlap overlap, Window began, Window confirmed, int lastNumber)
    {
        (before, this.began, this.confirmed, LastNumber) = (overlap.Before, began, confirmed, lastNumber);
        After = [.. overlap.After.Select(Named)];
    }

    /// <summary>The groups after, ordered by first member.</summary>
    public ImmutableArray<TrackedGroup> After { get; }

    /// <summary>The highest number given so far.</summary>
    public int LastNumber { get; private set; }

    /// <summary>What happened: merges and splits, groups that go on changed, then what is left, gone or new.</summary>
    /// <remarks>Every group before and after is told of at least once; each list is in the order of the groups.</remarks>
    public ImmutableArray<GroupEvent> Events()
    {
        var merges = After.Select(Merge).OfType<GroupEvent.Merged>().ToList();
        var splits = before.Select(Split).OfType<GroupEvent.Split>().ToList();
        var toldBefore = merges.SelectMany(merge => merge.Groups).Concat(splits.Select(split => split.Group)).ToHashSet();
        var parts = splits.SelectMany(split => split.Into).Select(part => part.Id);
        var toldAfter = merges.Select(merge => merge.Into).Concat(parts).ToHashSet();
        var restBefore = before.Where(group => !toldBefore.Contains(group.Id)).ToList();
        var restAfter = After.Where(group => !toldAfter.Contains(group.Id)).ToList();
        return [.. merges, .. splits, .. Rest(restBefore, restAfter)];
    }

    private IEnumerable<GroupEvent> Rest(List<TrackedGroup> restBefore, List<TrackedGroup> restAfter)
    {
        foreach (var (old, next) in restBefore.Join(restAfter, old => old.Id, next => next.Id, (old, next) => (old, next)))
        {
            yield return new GroupEvent.Changed(
                old.Id,
                Joined: [.. next.Members.Except(old.Members)],
                Left: [.. old.Members.Except(next.Members)],
                next.Members,
                began,
                confirmed);
        }

        foreach (var old in restBefore.ExceptBy(restAfter.Select(next => next.Id), old => old.Id))
        {
            yield return new GroupEvent.Dissolved(old.Id, old.Members, began, confirmed);
        }

        foreach (var next in restAfter.ExceptBy(restBefore.Select(old => old.Id), next => next.Id))
        {
            yield return new GroupEvent.Formed(next.Id, next.Members, began, confirmed);
        }
    }

    private TrackedGroup Named(ImmutableArray<VmId> members) =>
        before.FirstOrDefault(old => Continue(old.Members, members)) is { } old
            ? old with { Members = members }
            : new(GroupId.Numbered(++LastNumber), members, began);

    private GroupEvent.Merged? Merge(TrackedGroup into)
    {
        var sources = before.Where(old => MostOf(old.Members, into.Members)).Select(old => old.Id).ToImmutableArray();
        return sources.Length < 2 ? null : new(sources.Sort(), into.Id, into.Members, began, confirmed);
    }

    private GroupEvent.Split? Split(TrackedGroup old)
    {
        var parts = After.Where(next => MostOf(next.Members, old.Members)).ToImmutableArray();
        return parts.Length < 2 ? null : new(old.Id, parts, began, confirmed);
    }

    // More than half of all who are in either are in both: at most one group before and one after can be such a pair.
    private static bool Continue(ImmutableArray<VmId> old, ImmutableArray<VmId> next)
    {
        var both = old.Intersect(next).Count();
        return 2 * both > old.Length + next.Length - both;
    }

    private static bool MostOf(ImmutableArray<VmId> part, ImmutableArray<VmId> whole) =>
        2 * part.Intersect(whole).Count() > part.Length;
}
