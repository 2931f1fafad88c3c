using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Domain.Groups;

/// <summary>Groups before and after that share members, directly or through one another, and share none with any other group.</summary>
/// <param name="Before">Tracked groups, ordered by first member.</param>
/// <param name="After">Members of detected groups, ordered by first member.</param>
internal sealed record GroupOverlap(ImmutableArray<TrackedGroup> Before, ImmutableArray<ImmutableArray<VmId>> After)
{
    /// <summary>Whether something differs between before and after.</summary>
    public bool IsChange => !(Before is [var before] && After is [var after] && before.Members.SequenceEqual(after));

    private VmId FirstMember => Before.Select(group => group.Members[0]).Concat(After.Select(members => members[0])).Min();

    /// <summary>Splits two partitions into their independent overlaps, ordered by first member.</summary>
    /// <remarks>O(number of groups after x number of VMs).</remarks>
    public static IReadOnlyList<GroupOverlap> Between(ImmutableArray<TrackedGroup> before, GroupPartition after)
    {
        var overlaps = before.Select(group => new GroupOverlap([group], [])).ToList();
        foreach (var members in after.Groups.Select(group => group.Members))
        {
            var known = members.ToHashSet();
            var touched = overlaps.Where(overlap => overlap.Before.Any(group => group.Members.Any(known.Contains))).ToList();
            overlaps.RemoveAll(touched.Contains);
            overlaps.Add(Join(touched, members));
        }

        return [.. overlaps.OrderBy(overlap => overlap.FirstMember)];
    }

    /// <summary>The change as it is remembered until it has lasted; seen one time more if it was pending before.</summary>
    public PendingChange SeenIn(Window window, ImmutableArray<PendingChange> pending)
    {
        var seen = new PendingChange([.. Before.Select(group => group.Id)], After, window, 1);
        var before = pending.FirstOrDefault(seen.SameChangeAs);
        return before is null ? seen : before with { Seen = before.Seen + 1 };
    }

    private static GroupOverlap Join(List<GroupOverlap> overlaps, ImmutableArray<VmId> members) => new(
        [.. overlaps.SelectMany(overlap => overlap.Before).OrderBy(group => group.Members[0])],
        [.. overlaps.SelectMany(overlap => overlap.After).Append(members).OrderBy(after => after[0])]);
}
