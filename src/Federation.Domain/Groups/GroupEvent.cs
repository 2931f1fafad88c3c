using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Domain.Groups;

/// <summary>A change of an application's groups that has lasted. Compared by reference.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Formed), "formed")]
[JsonDerivedType(typeof(Changed), "changed")]
[JsonDerivedType(typeof(Merged), "merged")]
[JsonDerivedType(typeof(Split), "split")]
[JsonDerivedType(typeof(Dissolved), "dissolved")]
public abstract record GroupEvent
{
    private GroupEvent(Window began, Window confirmed) => (Began, Confirmed) = (began, confirmed);

    /// <summary>The window in which it was first seen.</summary>
    public Window Began { get; }

    /// <summary>The window in which it had lasted long enough.</summary>
    public Window Confirmed { get; }

    private static string List<T>(ImmutableArray<T> items) => string.Join(", ", items);

    /// <summary>A group appeared that continues no other.</summary>
    /// <param name="Group">Its new name.</param>
    /// <param name="Members">Its members, in order.</param>
    /// <param name="Began">The window in which it was first seen.</param>
    /// <param name="Confirmed">The window in which it had lasted long enough.</param>
    public sealed record Formed(GroupId Group, ImmutableArray<VmId> Members, Window Began, Window Confirmed)
        : GroupEvent(Began, Confirmed)
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Group} formed: {List(Members)}";
    }

    /// <summary>A group goes on with other members.</summary>
    /// <param name="Group">Its name.</param>
    /// <param name="Joined">Who is new, in order.</param>
    /// <param name="Left">Who is gone, in order.</param>
    /// <param name="Members">Who is in it now, in order.</param>
    /// <param name="Began">The window in which it was first seen.</param>
    /// <param name="Confirmed">The window in which it had lasted long enough.</param>
    public sealed record Changed(
        GroupId Group,
        ImmutableArray<VmId> Joined,
        ImmutableArray<VmId> Left,
        ImmutableArray<VmId> Members,
        Window Began,
        Window Confirmed)
        : GroupEvent(Began, Confirmed)
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"{Group} changed:{(Joined.IsEmpty ? "" : $" {List(Joined)} joined")}{(Left.IsEmpty ? "" : $" {List(Left)} left")}";
    }

    /// <summary>Two or more groups became one.</summary>
    /// <param name="Groups">Those that gave most of their members to it, in order.</param>
    /// <param name="Into">The one that they became: one of them, if it makes up most of it, or a new one.</param>
    /// <param name="Members">Who is in it now, in order.</param>
    /// <param name="Began">The window in which it was first seen.</param>
    /// <param name="Confirmed">The window in which it had lasted long enough.</param>
    public sealed record Merged(
        ImmutableArray<GroupId> Groups, GroupId Into, ImmutableArray<VmId> Members, Window Began, Window Confirmed)
        : GroupEvent(Began, Confirmed)
    {
        /// <inheritdoc/>
        public override string ToString() => $"{List(Groups)} merged into {Into}: {List(Members)}";
    }

    /// <summary>A group became two or more.</summary>
    /// <param name="Group">The group as it was.</param>
    /// <param name="Into">Those that got most of their members from it, one of them under its name if it makes up most of it.</param>
    /// <param name="Began">The window in which it was first seen.</param>
    /// <param name="Confirmed">The window in which it had lasted long enough.</param>
    public sealed record Split(GroupId Group, ImmutableArray<TrackedGroup> Into, Window Began, Window Confirmed)
        : GroupEvent(Began, Confirmed)
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"{Group} split into {string.Join("; ", Into.Select(part => $"{part.Id}: {List(part.Members)}"))}";
    }

    /// <summary>A group is no more, and no other continues it.</summary>
    /// <param name="Group">Its name.</param>
    /// <param name="Members">Who was in it, in order.</param>
    /// <param name="Began">The window in which it was first seen to be gone.</param>
    /// <param name="Confirmed">The window in which that had lasted long enough.</param>
    public sealed record Dissolved(GroupId Group, ImmutableArray<VmId> Members, Window Began, Window Confirmed)
        : GroupEvent(Began, Confirmed)
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Group} dissolved: {List(Members)}";
    }
}
