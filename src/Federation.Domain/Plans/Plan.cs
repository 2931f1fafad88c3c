using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>What a plan says to do.</summary>
public enum PlanDecision
{
    /// <summary>Give VMs that are nowhere yet their first location (and move those that have to make way).</summary>
    Place,

    /// <summary>Move running VMs.</summary>
    Migrate,

    /// <summary>Leave everything where it is.</summary>
    Stay,

    /// <summary>No placement that holds all constraints is known.</summary>
    Infeasible,
}

/// <summary>What is known of the best placement that was found.</summary>
public enum PlanStatus
{
    /// <summary>None is better: proven.</summary>
    Optimal,

    /// <summary>It holds all constraints; a better one may exist.</summary>
    Feasible,

    /// <summary>None holds all constraints: proven.</summary>
    Infeasible,

    /// <summary>None was found, which proves nothing.</summary>
    Unknown,
}

/// <summary>A decision over one application's placement, as data: it can be shown, stored, approved, applied and replayed.</summary>
/// <remarks>Holds collections, so that two plans are compared by reference.</remarks>
public sealed record Plan
{
    /// <summary>Whose placement.</summary>
    public required AppId Application { get; init; }

    /// <summary>What it wants most.</summary>
    public required Objective Objective { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>What to do.</summary>
    public required PlanDecision Decision { get; init; }

    /// <summary>Whether staying would violate a constraint, so that moving does not have to pay.</summary>
    public bool IsForced { get; init; }

    /// <summary>The move that somebody wanted: it need not gain anything; null: the plan is for the objective's sake.</summary>
    public WantedMove? Wanted { get; init; }

    /// <summary>The host that VMs have to leave: it need not gain anything; null: the plan is for the objective's sake.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HostDrain? Drain { get; init; }

    /// <summary>What is known of the best placement found, whether it is worth its moves or not.</summary>
    public required PlanStatus Status { get; init; }

    /// <summary>What the objective cannot fall below, in its own unit; null if nothing is known.</summary>
    public double? Bound { get; init; }

    /// <summary>How far the best placement found may be from the bound, as a share of it; null without a bound.</summary>
    public double? Gap { get; init; }

    /// <summary>The terms of staying; null if a VM is nowhere yet, or staying cannot be estimated.</summary>
    public PlacementEstimate? Before { get; init; }

    /// <summary>The terms of the placement that the plan leads to, or of the whole course where it is left later; null if there is none.</summary>
    public PlacementEstimate? After { get; init; }

    /// <summary>What staying emits until the application ends, in grams of CO2e; null: a VM is nowhere yet, or a site does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? GramsBefore { get; init; }

    /// <summary>What the application emits under the plan until it ends, in grams of CO2e; null: there is none, or a site does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? GramsAfter { get; init; }

    /// <summary>Each VM's location under the plan, in the application's order; empty if there is none.</summary>
    public ImmutableArray<PlannedVm> Placement { get; init; } = [];

    /// <summary>What the traffic with endpoints comes to under the plan, by site; empty: VMs exchange nothing with any.</summary>
    public ImmutableArray<PlannedEndpoint> Endpoints { get; init; } = [];

    /// <summary>
    /// The migrations, in the order in which they begin: every site has room at every step. VMs that are nowhere yet start after them.
    /// </summary>
    public ImmutableArray<MigrationStep> Steps { get; init; } = [];

    /// <summary>When the first moves come that are planned for later: away from what closes before the application ends, or at another known event; null: none do.</summary>
    public DateTimeOffset? LeaveAt { get; init; }

    /// <summary>The migrations from then on, as <see cref="Steps"/>, their times counted from then. Their cost is in <see cref="After"/>.</summary>
    public ImmutableArray<MigrationStep> Later { get; init; } = [];

    /// <summary>What comes after these, each at its own instant, earliest first.</summary>
    public ImmutableArray<LaterSteps> Then { get; init; } = [];

    /// <summary>When the world is next known to change, or null: the service plans anew by then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? NextEvent { get; init; }

    /// <summary>Run time that is left where <see cref="Steps"/> lead, in seconds, as if nothing were left later; 0 if there is no placement.</summary>
    public double RunSecondsThere { get; init; }

    /// <summary>What the policy for moves nobody asked for waits for yet; empty: nothing. It keeps nobody from applying the plan.</summary>
    public ImmutableArray<Refusal> Waits { get; init; } = [];

    /// <summary>The reasons, the decisive one first.</summary>
    public required ImmutableArray<PlanReason> Why { get; init; }

    /// <summary>What came second; null if nothing else holds all constraints, as far as was looked.</summary>
    public PlanAlternative? Alternative { get; init; }

    /// <summary>The sites that no VM could be at, each with the first constraint that stopped it, by site.</summary>
    public ImmutableArray<SiteRejection> Rejected { get; init; } = [];
}

/// <summary>Migrations that come later, together. Holds a list: compared by reference.</summary>
/// <param name="At">When the first of them begins.</param>
/// <param name="Steps">The migrations, their times counted from then. Their cost is in <see cref="Plan.After"/>.</param>
public sealed record LaterSteps(DateTimeOffset At, ImmutableArray<MigrationStep> Steps);

/// <summary>One VM under a plan.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Location">Its site and offer.</param>
/// <param name="Bill">Its share of the bill.</param>
public sealed record PlannedVm(VmId Vm, Location Location, VmBill Bill)
{
    /// <summary>Where it would be otherwise, and what that would change; null if it could be nowhere else, or there are too many VMs.</summary>
    public RunnerUp? RunnerUp { get; init; }

    /// <summary>The sites where it could not be, each with the first constraint that stopped it, by site; empty with more than 100 VMs.</summary>
    public ImmutableArray<SiteRejection> Rejected { get; init; } = [];
}

/// <summary>What the traffic with the endpoints of one site comes to under a plan.</summary>
/// <param name="Names">The endpoints.</param>
/// <param name="Site">Their site.</param>
/// <param name="Traffic">What the links bill for it, both ways, in currency; a part of the plan's traffic.</param>
/// <param name="WaitSeconds">The time that the VM which waits longest spends on what it receives from there, seconds.</param>
public sealed record PlannedEndpoint(NameList Names, SiteId Site, double Traffic, double WaitSeconds);

/// <summary>The placement that came second; for a plan to stay, the best move.</summary>
/// <param name="Summary">How many VMs it has where.</param>
/// <param name="Moves">How many VMs it would move.</param>
/// <param name="Terms">Its terms.</param>
/// <param name="Worse">How much worse its objective is than the plan's, as a share of it; less than 0: better, but not by enough; null: the plan's is 0.</param>
/// <param name="Reason">Why it was not taken.</param>
public sealed record PlanAlternative(string Summary, int Moves, PlacementEstimate Terms, double? Worse, PlanReason Reason);

/// <summary>One migration of a plan, live or cold. A VM that makes a stop on its way has two.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="From">Where it runs.</param>
/// <param name="To">Where it goes.</param>
/// <param name="Estimate">What it sends and takes.</param>
public sealed record MigrationStep(VmId Vm, Location From, Location To, MigrationEstimate Estimate)
{
    /// <summary>When it begins, in seconds after the first one: as early as room, limits and its predecessors allow.</summary>
    public double StartSeconds { get; init; }

    /// <summary>Whether it ends at the same site: at another host, which that site picks when the step begins, or on another offer.</summary>
    [JsonIgnore]
    public bool IsWithinSite => From.Site == To.Site;

    /// <summary>Whether the VM is stopped and started anew on another offer of its site.</summary>
    [JsonIgnore]
    public bool IsRestart => To.IsOtherOfferThan(From);

    /// <summary>How a hypervisor is to do it; null: of a plan that an earlier version made.</summary>
    public TransferTerms? Terms { get; init; }

    /// <summary>What it costs; all of a plan's steps, now and later, together are the moving in its terms.</summary>
    public MoveBill Bill { get; init; }

    /// <summary>When it ends, in seconds after the first one begins.</summary>
    public double EndSeconds => StartSeconds + Estimate.DurationSeconds;

    /// <summary>Whether this step has to wait until another one, that comes before it, has ended.</summary>
    public bool Follows(MigrationStep earlier) => earlier.EndSeconds <= StartSeconds || earlier.Vm == Vm;
}

/// <summary>Why a site was out of the question.</summary>
/// <param name="Site">The site.</param>
/// <param name="Refusal">The first constraint that stopped it.</param>
public sealed record SiteRejection(SiteId Site, Refusal Refusal);
