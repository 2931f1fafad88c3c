using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>Something that has happened to a plan: an order of a person, a word of a site, or the answer to a <see cref="SagaCommand"/>.</summary>
public abstract record SagaEvent
{
    private SagaEvent()
    {
    }

    /// <summary>The owner, or the service where it applies plans itself, starts the plan.</summary>
    /// <param name="By">Who.</param>
    /// <param name="Needs">The sites that have to approve it.</param>
    /// <param name="Until">Until when it waits for them.</param>
    public sealed record Apply(string By, ImmutableSortedSet<SiteId> Needs, DateTimeOffset Until) : SagaEvent;

    /// <summary>A person cancels the plan. Half-way, what is under way comes to its end first.</summary>
    public sealed record Cancel(string By) : SagaEvent;

    /// <summary>Another plan of the application was started.</summary>
    public sealed record Superseded(PlanId By) : SagaEvent;

    /// <summary>The application was described anew, or deleted.</summary>
    public sealed record Outdated(Refusal Why) : SagaEvent;

    /// <summary>A site's administrator looks at a plan that nobody has started yet: the site is asked already.</summary>
    public sealed record ApprovalWanted(SiteId Site) : SagaEvent;

    /// <summary>A site has the request for its approval.</summary>
    public sealed record ApprovalRequested(SiteId Site) : SagaEvent;

    /// <summary>A site's administrator has approved.</summary>
    public sealed record ApprovalGiven(SiteId Site) : SagaEvent;

    /// <summary>An approval was taken back, or has expired.</summary>
    public sealed record ApprovalLost(SiteId Site, Refusal Why) : SagaEvent;

    /// <summary>A site's administrator has rejected the plan.</summary>
    public sealed record ApprovalRejected(SiteId Site, Refusal Why) : SagaEvent;

    /// <summary>A site has forgotten the plan's request and approval.</summary>
    public sealed record ApprovalDropped(SiteId Site) : SagaEvent;

    /// <summary>The application has given the plan its slot: nothing else changes it now.</summary>
    public sealed record SlotGiven : SagaEvent;

    /// <summary>The application is busy with something else.</summary>
    public sealed record SlotRefused(Refusal Why) : SagaEvent;

    /// <summary>The application's slot is free again.</summary>
    public sealed record SlotReleased : SagaEvent;

    /// <summary>What the plan relies on holds, or not.</summary>
    public sealed record Checked(Verdict Verdict) : SagaEvent;

    /// <summary>A site keeps the places of the VMs that start there.</summary>
    public sealed record PlacesKept(SiteId Site) : SagaEvent;

    /// <summary>A site does not.</summary>
    public sealed record PlacesRefused(SiteId Site, Refusal Why) : SagaEvent;

    /// <summary>A site has the places back of VMs that have not started.</summary>
    public sealed record PlacesGivenBack(SiteId Site) : SagaEvent;

    /// <summary>A step was done.</summary>
    public sealed record StepDone(int Step) : SagaEvent;

    /// <summary>A step was refused, or has failed: its VM is as it was.</summary>
    public sealed record StepFailed(int Step, Refusal Why) : SagaEvent;

    /// <summary>It is not known what became of a step: it is asked about again before anything else is done with it.</summary>
    public sealed record StepUnknown(int Step, Refusal Why) : SagaEvent;

    /// <summary>Finishing, going back and staying were compared.</summary>
    /// <param name="Round">The <see cref="SagaCommand.Weigh.Round"/> that it answers.</param>
    /// <param name="Choice">What is best.</param>
    public sealed record Weighed(int Round, HalfWayChoice Choice) : SagaEvent;

    /// <summary>The application's placement knows how the plan ended.</summary>
    public sealed record Told : SagaEvent;

    /// <summary>Time has passed, or the process has started again.</summary>
    public sealed record Woken : SagaEvent;
}

/// <summary>Something that has to be done for a plan. Each can be repeated: after a crash it is done again.</summary>
public abstract record SagaCommand
{
    private SagaCommand()
    {
    }

    /// <summary>Ask a site for its approval.</summary>
    public sealed record RequestApproval(SiteId Site) : SagaCommand;

    /// <summary>Tell a site that the plan's approval is not wanted any more.</summary>
    public sealed record DropApproval(SiteId Site) : SagaCommand;

    /// <summary>Ask the application for its slot.</summary>
    public sealed record ClaimSlot : SagaCommand;

    /// <summary>Give the application's slot back.</summary>
    public sealed record ReleaseSlot : SagaCommand;

    /// <summary>See whether what the plan relies on holds now.</summary>
    public sealed record Check : SagaCommand;

    /// <summary>Have a site keep places for the VMs that start there, for all of them or none.</summary>
    public sealed record KeepPlaces(SiteId Site) : SagaCommand;

    /// <summary>Give a site the places back of VMs that have not started.</summary>
    public sealed record GiveBackPlaces(SiteId Site) : SagaCommand;

    /// <summary>Do a step, or go on with it.</summary>
    public sealed record Run(int Step) : SagaCommand;

    /// <summary>Compare finishing, going back and staying.</summary>
    /// <param name="Round">Counts the comparisons.</param>
    /// <param name="MayFinish">Whether going on is a choice.</param>
    /// <param name="MayGoBack">Whether going back is.</param>
    public sealed record Weigh(int Round, bool MayFinish, bool MayGoBack) : SagaCommand;

    /// <summary>Tell the application's placement how the plan has ended.</summary>
    public sealed record Tell : SagaCommand;
}
