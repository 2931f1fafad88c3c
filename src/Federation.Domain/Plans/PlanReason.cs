using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>One reason of a plan, as a value: <see cref="PlanReasonText"/> makes its sentence. In JSON its <c>code</c> is the name of its kind.</summary>
[JsonConverter(typeof(PlanReasonConverter))]
public abstract record PlanReason
{
    private PlanReason()
    {
    }

    /// <summary>The VMs are nowhere yet.</summary>
    /// <param name="Terms">Of the placement.</param>
    public sealed record FirstPlacement(PlanTerms Terms) : PlanReason;

    /// <summary>VMs that run move though it does not pay: while they stay, others that are nowhere yet have no place.</summary>
    /// <param name="Vms">Those that have none.</param>
    public sealed record MakesRoom(NameList Vms) : PlanReason;

    /// <summary>VMs run where nobody knows the price: it counts as nothing, and forbids nothing but coming.</summary>
    /// <param name="Places">The offers.</param>
    public sealed record PriceNotKnown(NameList Places) : PlanReason;

    /// <summary>A constraint forbids staying.</summary>
    /// <param name="Refusal">Which, and how.</param>
    /// <param name="IsLastWay">Whether no other placement is known either.</param>
    public sealed record StayingImpossible(Refusal Refusal, bool IsLastWay = false) : PlanReason;

    /// <summary>Staying is the best that is known.</summary>
    /// <param name="Terms">Of staying.</param>
    public sealed record NothingBetter(PlanTerms Terms) : PlanReason;

    /// <summary>Moving is better than staying: by enough, or not by enough.</summary>
    /// <param name="Objective">What is counted.</param>
    /// <param name="Stay">Its value by staying.</param>
    /// <param name="Best">Its value after the best move.</param>
    /// <param name="Moves">How many migrations that takes.</param>
    /// <param name="Limit">What the gain has to be more than.</param>
    /// <param name="IsEnough">Whether it is.</param>
    /// <param name="WithPreference">Whether something that is preferred counts in both beside the cost.</param>
    public sealed record Gain(Objective Objective, double Stay, double Best, int Moves, GainLimit Limit, bool IsEnough, bool WithPreference = false) : PlanReason;

    /// <summary>The terms of a placement.</summary>
    /// <param name="Of">Of which.</param>
    /// <param name="Terms">Its terms.</param>
    public sealed record Costs(PlacementRole Of, PlanTerms Terms) : PlanReason;

    /// <summary>A VM moves twice, for otherwise some site has no room at some step.</summary>
    /// <param name="Vm">The VM.</param>
    /// <param name="At">Where it stops.</param>
    public sealed record StopsOnTheWay(VmId Vm, Location At) : PlanReason;

    /// <summary>VMs move cold, for they cannot move live: they are stopped, their disks copied, and started anew.</summary>
    /// <param name="Vms">The VMs.</param>
    /// <param name="From">Where they leave.</param>
    /// <param name="To">Where they go.</param>
    /// <param name="Refusal">Why the first of them cannot move live; of the others the same code.</param>
    /// <param name="DowntimeSeconds">How long the one that takes longest stands still, seconds.</param>
    /// <param name="LostSeconds">The run time that each loses with its memory, seconds.</param>
    public sealed record MovesCold(NameList Vms, SiteId From, SiteId To, Refusal Refusal, double DowntimeSeconds, double LostSeconds) : PlanReason;

    /// <summary>VMs are stopped and started anew on another offer of their site.</summary>
    /// <param name="Vms">The VMs.</param>
    /// <param name="From">What they run on.</param>
    /// <param name="To">What they run on from then on.</param>
    /// <param name="DowntimeSeconds">How long each stands still, seconds.</param>
    /// <param name="LostSeconds">The run time that each loses with its memory, seconds.</param>
    /// <param name="SavedPerHour">By how much an hour on the new offer is cheaper than on the old, at the prices of that moment, of all these VMs, in currency; less than 0: dearer; null: a price is not known.</param>
    public sealed record RestartsInPlace(NameList Vms, Location From, Location To, double DowntimeSeconds, double LostSeconds, double? SavedPerHour) : PlanReason;

    /// <summary>The processors of VMs are slowed down so that their copying comes to an end.</summary>
    /// <param name="Vms">The VMs.</param>
    /// <param name="From">Where they leave.</param>
    /// <param name="To">Where they go.</param>
    /// <param name="LostSeconds">The run time that the one that loses most loses by it, seconds.</param>
    public sealed record SlowsDown(NameList Vms, SiteId From, SiteId To, double LostSeconds) : PlanReason;

    /// <summary>Sites close before the application ends; VMs leave them in time. Holds a list: compared by reference.</summary>
    /// <param name="Sites">The sites.</param>
    /// <param name="From">When the first VM begins to leave.</param>
    /// <param name="Vms">How many leave.</param>
    /// <param name="Cost">What that costs of the moving, in currency.</param>
    public sealed record SiteCloses(ImmutableArray<ClosingSite> Sites, DateTimeOffset From, int Vms, double Cost) : PlanReason;

    /// <summary>VMs move later, since it is known what will happen.</summary>
    /// <param name="From">When the first VM begins to move.</param>
    /// <param name="Vms">How many move.</param>
    /// <param name="Cost">What that costs of the moving, in currency.</param>
    /// <param name="Event">What happens then, or just after; null: several things, none alone.</param>
    public sealed record MovesLater(DateTimeOffset From, int Vms, double Cost, KnownEvent? Event) : PlanReason;

    /// <summary>Sites have to approve the later moves when it is time for them. Holds a list: compared by reference.</summary>
    /// <param name="Sites">The sites.</param>
    public sealed record LeavingAsks(ImmutableArray<SiteId> Sites) : PlanReason;

    /// <summary>The time has come for the later moves of an earlier plan.</summary>
    public sealed record LeavesInTime : PlanReason;

    /// <summary>What came second.</summary>
    /// <param name="Summary">How many VMs it has where.</param>
    /// <param name="Terms">Its terms.</param>
    /// <param name="Chosen">The terms of what was chosen.</param>
    /// <param name="Worse">How much worse its objective is, as a share; null: the plan's is 0.</param>
    public sealed record SecondBest(string Summary, PlanTerms Terms, PlacementEstimate Chosen, double? Worse) : PlanReason;

    /// <summary>The objective says so.</summary>
    public sealed record WorseByObjective : PlanReason;

    /// <summary>It is as good, and what is there goes first.</summary>
    public sealed record NoBetter : PlanReason;

    /// <summary>It is proven that no placement holds all constraints.</summary>
    public sealed record NoPlacement : PlanReason;

    /// <summary>Somebody wants the move, whether or not it pays.</summary>
    /// <param name="Vm">The VM.</param>
    /// <param name="Site">Where it is wanted.</param>
    /// <param name="Along">The VMs that go along, as they have to be at one site with it; usually none.</param>
    public sealed record AsWanted(VmId Vm, SiteId Site, NameList Along) : PlanReason;

    /// <summary>What a wanted move changes.</summary>
    /// <param name="Objective">What is counted.</param>
    /// <param name="Stay">Its value by staying.</param>
    /// <param name="Then">Its value with the move.</param>
    /// <param name="Before">The terms of staying.</param>
    /// <param name="After">The terms with the move.</param>
    /// <param name="IsBetter">Whether the objective prefers the move.</param>
    public sealed record WantedChange(Objective Objective, double Stay, double Then, PlacementEstimate Before, PlacementEstimate After, bool IsBetter) : PlanReason;

    /// <summary>VMs have to leave a host, whether or not that pays.</summary>
    /// <param name="Site">The host's site.</param>
    /// <param name="Host">The host.</param>
    /// <param name="Within">The VMs that go to other hosts of the site.</param>
    /// <param name="Elsewhere">The VMs that go to other sites, for no host of this one can take them.</param>
    public sealed record DrainsHost(SiteId Site, string Host, NameList Within, NameList Elsewhere) : PlanReason;

    /// <summary>The administrators of a site would have hosts empty; the application's owner decides.</summary>
    /// <param name="Site">The site.</param>
    /// <param name="Hosts">The hosts that its VMs would leave, as <c>h1, h3</c>.</param>
    /// <param name="Within">The VMs that would go to other hosts of the site, as <c>vm1 to h2</c>.</param>
    /// <param name="Elsewhere">The VMs that would go to other sites.</param>
    public sealed record AdvisedBySite(SiteId Site, string Hosts, NameList Within, NameList Elsewhere) : PlanReason;

    /// <summary>VMs that have to leave a host cannot: no host of its site can take them, and no other site.</summary>
    /// <param name="Site">The host's site.</param>
    /// <param name="Host">The host.</param>
    /// <param name="Vms">The VMs.</param>
    public sealed record CannotLeave(SiteId Site, string Host, NameList Vms) : PlanReason;

    /// <summary>VMs cannot move to another host of their site.</summary>
    /// <param name="Site">The site.</param>
    /// <param name="Vms">The VMs.</param>
    /// <param name="Refusal">Why the first of them cannot; of the others the same code.</param>
    public sealed record StaysOnHost(SiteId Site, NameList Vms, Refusal Refusal) : PlanReason;

    /// <summary>A wanted move cannot be made.</summary>
    /// <param name="Vm">The VM.</param>
    /// <param name="Site">Where it is wanted.</param>
    /// <param name="Refusal">What stands in the way.</param>
    public sealed record WantedImpossible(VmId Vm, SiteId Site, Refusal Refusal) : PlanReason;

    /// <summary>The plan takes a VM away from where an earlier one had brought it because somebody wanted that.</summary>
    /// <param name="Vm">The VM.</param>
    /// <param name="Site">Where it was wanted.</param>
    /// <param name="By">The plan that brought it there.</param>
    public sealed record LeavesWanted(VmId Vm, SiteId Site, PlanId By) : PlanReason;

    /// <summary>The time was over before one was found.</summary>
    /// <param name="Solver">Who looked.</param>
    public sealed record NoneFoundInTime(string Solver) : PlanReason;

    /// <summary>No traffic is known: the plan is made from prices, sizes and limits alone.</summary>
    public sealed record NoTraffic : PlanReason;

    /// <summary>The newest traffic that is known is old; it is taken to go on all the same.</summary>
    /// <param name="Until">When it ends.</param>
    /// <param name="AgeSeconds">How long before the plan that was, seconds.</param>
    public sealed record OldTraffic(DateTimeOffset Until, double AgeSeconds) : PlanReason;

    /// <summary>What some VMs receive is not known.</summary>
    /// <param name="Vms">The VMs.</param>
    public sealed record UnknownTraffic(NameList Vms) : PlanReason;

    /// <summary>But for one rule there would be a placement.</summary>
    /// <param name="Refusal">The rule, and how the best placement without it breaks it.</param>
    public sealed record OneRuleForbids(Refusal Refusal) : PlanReason;

    /// <summary>A sentence that an earlier version stored.</summary>
    /// <param name="Text">The sentence.</param>
    public sealed record Said(string Text) : PlanReason;
}

/// <summary>A placement's terms with their currency.</summary>
/// <param name="Estimate">The terms.</param>
/// <param name="Currency">The currency of their amounts.</param>
public readonly record struct PlanTerms(PlacementEstimate Estimate, string Currency)
{
    /// <summary>The terms of an estimate of a problem.</summary>
    public static PlanTerms Of(PlacementProblem problem, PlacementEstimate estimate) => new(estimate, problem.Sites[0].Currency);
}

/// <summary>Which placement terms are about.</summary>
public enum PlacementRole
{
    /// <summary>The best one, where staying is not possible.</summary>
    Best,

    /// <summary>What is there, where it is left.</summary>
    Before,

    /// <summary>What the plan leads to.</summary>
    After,

    /// <summary>What is there, where it stays.</summary>
    Staying,

    /// <summary>The best move, where it is not worth it.</summary>
    BestMove,
}

/// <summary>What a gain has to be more than.</summary>
/// <param name="Kind">What sort of limit.</param>
/// <param name="Factor">A share of what staying costs; for <see cref="GainLimitKind.Moving"/> how many times the moving.</param>
/// <param name="Moving">What moving costs, in currency; only for <see cref="GainLimitKind.Moving"/>.</param>
public readonly record struct GainLimit(GainLimitKind Kind, double Factor, double Moving = 0);

/// <summary>Kinds of limits that a gain has to pass.</summary>
public enum GainLimitKind
{
    /// <summary>The application's margin.</summary>
    Margin,

    /// <summary>The error that predictions have had.</summary>
    PredictionError,

    /// <summary>So many times what moving costs.</summary>
    Moving,
}

/// <summary>A site that closes.</summary>
/// <param name="Site">Which.</param>
/// <param name="Until">When.</param>
public readonly record struct ClosingSite(SiteId Site, DateTimeOffset Until);
