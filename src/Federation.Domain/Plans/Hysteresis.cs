using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;

namespace Federation.Domain.Plans;

/// <summary>When a plan's moves are made: a gain has to persist, and a VM that has moved stays for a while. Pure: state in, decision out.</summary>
/// <remarks>
/// One evaluation is: <see cref="CoolingDown"/> into <see cref="Estimation.PlacementView.CoolingDown"/>, <see cref="Planner.Plan"/>,
/// <see cref="Consider"/>; and <see cref="Moved"/> when moves were made. First placements, and plans for applications that cannot stay where
/// they are, are due at once.
/// </remarks>
public static class Hysteresis
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The VMs that stay where they are because they have moved lately, each with the instant from which on it may move again.</summary>
    public static ImmutableSortedDictionary<VmId, DateTimeOffset> CoolingDown(MoveHistory history, MovePolicy policy, DateTimeOffset now) =>
        history.LastMoves.Select(move => KeyValuePair.Create(move.Key, move.Value.AddSeconds(policy.CooldownSeconds)))
            .Where(move => move.Value > now).ToImmutableSortedDictionary();

    /// <summary>Whether a plan is due, as of the moment that it was made at; and what to remember of it.</summary>
    /// <param name="history">What is remembered.</param>
    /// <param name="policy">When VMs move unasked.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="perDay">How many moves the application lets be within 24 hours; null: any number.</param>
    public static (MoveHistory History, MoveTiming Timing) Consider(MoveHistory history, MovePolicy policy, Plan plan, int? perDay = null)
    {
        if (plan.Decision == PlanDecision.Place || (plan.Decision == PlanDecision.Migrate && plan.IsForced))
        {
            return (history with { Pending = null }, new(IsDue: true, []));
        }

        if (plan.Decision != PlanDecision.Migrate)
        {
            return (history with { Pending = null }, new(IsDue: false, []));
        }

        var pending = Seen(history.Pending, plan.MadeAt);
        var waits = Waits(history, pending, policy, plan, perDay).ToImmutableArray();
        return (history with { Pending = pending }, new(waits.IsEmpty, waits));
    }

    /// <summary>How many more VMs an application lets move within the 24 hours that end now, 0 or more; null: any number.</summary>
    public static int? MovesLeft(MoveHistory history, int? perDay, DateTimeOffset now) => perDay is { } most ? Math.Max(0, most - MadeBy(history, now)) : null;

    /// <summary>Notes that VMs have moved: their cool-down begins, and a gain has to persist anew.</summary>
    public static MoveHistory Moved(MoveHistory history, IEnumerable<VmId> vms, DateTimeOffset at)
    {
        var moved = vms.ToList();
        return new()
        {
            LastMoves = history.LastMoves.SetItems(moved.Select(vm => KeyValuePair.Create(vm, at))),
            Made = moved.Count == 0 ? history.Made : history.Made.SetItem(at, history.Made.GetValueOrDefault(at) + moved.Count),
        };
    }

    /// <summary>Forgets VMs whose cool-down is over, and moves of more than a day ago, so that a history does not grow.</summary>
    public static MoveHistory Trim(MoveHistory history, MovePolicy policy, DateTimeOffset now) => history with
    {
        LastMoves = history.LastMoves.RemoveRange(history.LastMoves.Keys.Except(CoolingDown(history, policy, now).Keys)),
        Made = history.Made.RemoveRange(history.Made.Keys.Where(at => at <= now - Day)),
    };

    private static int MadeBy(MoveHistory history, DateTimeOffset now) => history.Made.Where(moves => moves.Key > now - Day).Sum(moves => moves.Value);

    private static PendingGain Seen(PendingGain? pending, DateTimeOffset now)
    {
        var window = Window.Containing(now);
        return pending is null ? new(now, 1, window)
            : window.CompareTo(pending.Last) > 0 ? pending with { Windows = pending.Windows + 1, Last = window }
            // Seen ahead of the clock, which was set back meanwhile: it has to persist anew, and not until the clock is there again.
            : pending.Last.IsAhead(now) ? new(now, 1, window)
            : pending;
    }

    private static IEnumerable<Refusal> Waits(MoveHistory history, PendingGain pending, MovePolicy policy, Plan plan, int? perDay)
    {
        var made = MadeBy(history, plan.MadeAt);
        var wanted = plan.Steps.Select(step => step.Vm).Distinct().Count();
        if (perDay is { } most && wanted > 0 && made + wanted > most)
        {
            yield return Refusal.MovesPerDay(most, made, wanted);
        }

        if (pending.Windows < policy.PersistenceWindows)
        {
            yield return Refusal.GainHasToPersist(pending.Windows, policy.PersistenceWindows, pending.Since);
        }

        var coolingDown = CoolingDown(history, policy, plan.MadeAt);
        foreach (var step in plan.Steps)
        {
            if (coolingDown.TryGetValue(step.Vm, out var until))
            {
                yield return Refusal.MoveHasToCoolDown(step.Vm, until);
            }
        }
    }
}
