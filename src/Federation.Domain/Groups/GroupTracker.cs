using System.Collections.Immutable;
using Federation.Domain.Traffic;

namespace Federation.Domain.Groups;

/// <summary>Follows an application's groups from window to window, so that a group has a history.</summary>
/// <remarks>
/// A group keeps its name when more than half of all who are in it before or after are in it before and after. A change counts
/// once it has been seen, the same, in so many windows running. Groups that overlap change together; what happens to others is
/// a change of its own, so that one group that flaps does not hold up the rest. Groups: Dib 2010, section 4.3.3; their
/// history is this project's.
/// </remarks>
public static class GroupTracker
{
    /// <summary>Takes in the groups detected at a window's close.</summary>
    /// <remarks>
    /// A window that is not newer than the last one changes nothing, so that a repeated detection does no harm. A window left
    /// out neither adds to a change's persistence nor breaks it.
    /// </remarks>
    /// <param name="state">What has come before; <see cref="GroupHistoryState.Initial"/> at first.</param>
    /// <param name="window">The window at whose close the groups were detected.</param>
    /// <param name="partition">The groups detected.</param>
    /// <param name="options">When a change counts.</param>
    public static TrackingStep Advance(GroupHistoryState state, Window window, GroupPartition partition, TrackingOptions options)
    {
        if (state.LastWindow is { } last && window.CompareTo(last) <= 0)
        {
            return new(state, []);
        }

        var step = new TrackingStep(state with { Groups = [], Pending = [], LastWindow = window }, []);
        foreach (var overlap in GroupOverlap.Between(state.Groups, partition))
        {
            step = Take(step, overlap, overlap.SeenIn(window, state.Pending), options);
        }

        return step with { State = step.State with { Groups = [.. step.State.Groups.OrderBy(group => group.Members[0])] } };
    }

    private static TrackingStep Take(TrackingStep step, GroupOverlap overlap, PendingChange change, TrackingOptions options)
    {
        if (!overlap.IsChange)
        {
            return step with { State = Keep(step.State, overlap) };
        }

        return change.Seen < options.PersistenceWindows
            ? step with { State = Keep(step.State, overlap) with { Pending = step.State.Pending.Add(change) } }
            : Confirm(step, overlap, change);
    }

    private static GroupHistoryState Keep(GroupHistoryState state, GroupOverlap overlap) =>
        state with { Groups = state.Groups.AddRange(overlap.Before) };

    private static TrackingStep Confirm(TrackingStep step, GroupOverlap overlap, PendingChange change)
    {
        var state = step.State;
        var succession = new GroupSuccession(overlap, change.Began, state.LastWindow!.Value, state.LastNumber);
        return new(
            state with { Groups = state.Groups.AddRange(succession.After), LastNumber = succession.LastNumber },
            step.Events.AddRange(succession.Events()));
    }
}

/// <summary>What taking in one window has led to. Compared by reference.</summary>
/// <param name="State">To be kept for the next window.</param>
/// <param name="Events">The changes that have lasted, in the order of the groups that they touch; mostly none.</param>
public sealed record TrackingStep(GroupHistoryState State, ImmutableArray<GroupEvent> Events);
