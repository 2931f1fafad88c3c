using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Domain.Groups;

/// <summary>A group's name within its application, kept as long as most of its members stay; never given twice.</summary>
/// <param name="Value">"g" and a number that counts up from 1.</param>
public readonly record struct GroupId(string Value) : IComparable<GroupId>
{
    /// <summary>The group with a number.</summary>
    public static GroupId Numbered(int number) => new(string.Create(CultureInfo.InvariantCulture, $"g{number}"));

    /// <inheritdoc/>
    public int CompareTo(GroupId other) => NaturalOrder.Compare(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A group that has lasted long enough to count. Compared by reference.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Members">At least two, in order.</param>
/// <param name="Since">The window in which it was first seen under this name, maybe with other members.</param>
public sealed record TrackedGroup(GroupId Id, ImmutableArray<VmId> Members, Window Since);

/// <summary>Groups that overlap, as they were and as they may become, waiting to see whether it lasts. Compared by reference.</summary>
/// <param name="From">The groups that would be replaced, in order; none if a group appears out of single VMs.</param>
/// <param name="To">The members of each group that would replace them, ordered by first member; none if they dissolve.</param>
/// <param name="Began">The window in which it was first seen.</param>
/// <param name="Seen">In how many windows running it has been seen; at least 1.</param>
public sealed record PendingChange(
    ImmutableArray<GroupId> From, ImmutableArray<ImmutableArray<VmId>> To, Window Began, int Seen)
{
    /// <summary>Whether both replace the same groups by the same groups, whenever they began.</summary>
    public bool SameChangeAs(PendingChange other) =>
        From.SequenceEqual(other.From)
        && To.Length == other.To.Length
        && To.Zip(other.To).All(pair => pair.First.SequenceEqual(pair.Second));
}

/// <summary>What an application's tracked groups have come to. Compared by reference.</summary>
/// <remarks>Small and plain, so that it can be stored as JSON.</remarks>
public sealed record GroupHistoryState
{
    /// <summary>Before the first detection.</summary>
    public static GroupHistoryState Initial { get; } = new();

    /// <summary>The groups that count now, ordered by their first members, disjoint.</summary>
    public ImmutableArray<TrackedGroup> Groups { get; init; } = [];

    /// <summary>Changes seen in the last window that have not lasted long enough.</summary>
    public ImmutableArray<PendingChange> Pending { get; init; } = [];

    /// <summary>The highest number that a group was given; 0 before the first.</summary>
    public int LastNumber { get; init; }

    /// <summary>The last window that was taken in; null before the first.</summary>
    public Window? LastWindow { get; init; }

    /// <summary>The same without a VM, which has left; the same object if no group has it.</summary>
    /// <remarks>A group that is left with a single VM is none any more. Changes that were seen and name the VM, or a group that it was in, are seen anew.</remarks>
    public GroupHistoryState Without(VmId vm)
    {
        var touched = Groups.Where(group => group.Members.Contains(vm)).Select(group => group.Id).ToHashSet();
        ImmutableArray<PendingChange> pending = [.. Pending.Where(change => !change.From.Any(touched.Contains) && !change.To.Any(members => members.Contains(vm)))];
        return touched.Count == 0 && pending.Length == Pending.Length ? this : this with
        {
            Groups =
            [
                .. Groups.Select(group => group with { Members = group.Members.Remove(vm) }).Where(group => group.Members.Length > 1)
                    .OrderBy(group => group.Members[0]),
            ],
            Pending = pending,
        };
    }

    /// <summary>The same by a clock that was set back meanwhile: a last window that is ahead of it would keep out all windows until then.</summary>
    /// <remarks>The groups stay. What was seen ahead of the clock has to be seen anew, and windows from the present one on are taken in.</remarks>
    public GroupHistoryState By(DateTimeOffset now) =>
        LastWindow is { } last && last.IsAhead(now) ? this with { LastWindow = Window.Newest(now).Previous, Pending = [] } : this;
}
