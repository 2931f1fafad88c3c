using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>Why an application's placement is looked at.</summary>
public enum DecisionTrigger
{
    /// <summary>Somebody asks for a plan: it is shown, whatever it says, and nothing is applied or remembered.</summary>
    Asked,

    /// <summary>The application has just come, and wants its first places.</summary>
    Arrived,

    /// <summary>Time has passed.</summary>
    TimePassed,

    /// <summary>A site or its prices have changed.</summary>
    SitesChanged,

    /// <summary>Who talks to whom has changed.</summary>
    GroupsChanged,

    /// <summary>A gain that was seen before has to persist.</summary>
    GainSeen,

    /// <summary>The time has come to leave what closes.</summary>
    LeaveDue,

    /// <summary>VMs were lost where they ran.</summary>
    VmsLost,

    /// <summary>Something has happened that was known before: a price has changed, a site or a window has opened or closed.</summary>
    EventDue,
}

/// <summary>What <see cref="DecisionLoop"/> remembers of one application from evaluation to evaluation. Compared by reference.</summary>
public sealed record DecisionState
{
    /// <summary>When VMs moved, and since when moving pays.</summary>
    public MoveHistory History { get; init; } = new();

    /// <summary>The applied plan by which VMs move later, such as away from what closes before the application ends; null: nothing does.</summary>
    public Plan? Departure { get; init; }

    /// <summary>When the world is next known to change, as the newest plan has it; null: not at all.</summary>
    public DateTimeOffset? NextEvent { get; init; }

    /// <summary>The VMs that are where somebody wanted them, each with the site and the plan that brought it there.</summary>
    public ImmutableSortedDictionary<VmId, WantedPlace> Wanted { get; init; } = ImmutableSortedDictionary<VmId, WantedPlace>.Empty;

    /// <summary>The VMs that were lost where they ran, and run nowhere since.</summary>
    public ImmutableSortedSet<VmId> Lost { get; init; } = [];

    /// <summary>The plan that is being applied; null: none.</summary>
    public PlanId? UnderWay { get; init; }

    /// <summary>The newest plan that was proposed and that nothing has ended but a person; null: none.</summary>
    public KnownPlan? Newest { get; init; }
}

/// <summary>Where a VM is because somebody wanted it there.</summary>
/// <param name="Site">The site.</param>
/// <param name="By">The plan that brought it there.</param>
public readonly record struct WantedPlace(SiteId Site, PlanId By);

/// <summary>A plan that was proposed, as far as the loop has to know it again.</summary>
/// <param name="Id">Which.</param>
/// <param name="Revision">The revision of the application's description that it was made from.</param>
/// <param name="Course">What it does: equal for plans that make the same moves.</param>
/// <param name="IsOpen">Whether it can still be applied; otherwise somebody has rejected or cancelled it.</param>
/// <param name="IsStarted">Whether its start was ordered: then it waits for approvals.</param>
public sealed record KnownPlan(PlanId Id, long Revision, string Course, bool IsOpen = true, bool IsStarted = false);

/// <summary>What an evaluation came to. Compared by reference.</summary>
/// <param name="Next">What to remember.</param>
/// <param name="Plan">The plan that was worked out; null: it was not the moment to look.</param>
/// <param name="Orders">What to do, the first that succeeds; empty: nothing.</param>
/// <param name="Waits">What a plan that pays waits for yet.</param>
public sealed record Decision(DecisionState Next, Plan? Plan, ImmutableArray<PlanOrder> Orders, ImmutableArray<Refusal> Waits)
{
    /// <summary>Whether the plan that was to leave in time is not needed any more.</summary>
    public bool NeedNotLeave { get; init; }

    /// <summary>Looking is left out: the memory stays as it is.</summary>
    public static Decision None(DecisionState state) => new(state, null, [], []);
}

/// <summary>A plan that is to be proposed.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Applies">Whether to apply it at once.</param>
/// <param name="Known">The plan that was proposed before and says the same: it is taken in place of a new one; null: none.</param>
/// <param name="Departs">Whether it leaves in time, as an applied plan has it.</param>
public sealed record PlanOrder(Plan Plan, bool Applies, PlanId? Known = null, bool Departs = false);
