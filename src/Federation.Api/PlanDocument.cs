using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;

namespace Federation.Api;

/// <summary>A plan as <c>fedctl plan -o json</c> and the API give it. Times in seconds, money in the federation's currency, unrounded.</summary>
/// <param name="Id">The plan's name at the service; null for a plan that was made offline.</param>
/// <param name="State">How far the service is with it; null for a plan that was made offline.</param>
/// <param name="MadeAt">The moment that it was planned for.</param>
/// <param name="Application">Whose placement.</param>
/// <param name="Objective">What the application wants most.</param>
/// <param name="Decision">What to do.</param>
/// <param name="Status">What is known of the best placement found.</param>
/// <param name="Bound">What the objective cannot fall below; null if nothing is known.</param>
/// <param name="Gap">How far the best placement found may be from the bound, as a share; null without a bound.</param>
/// <param name="Before">The terms of staying; null if a VM is nowhere yet.</param>
/// <param name="After">The terms of the placement; null if there is none.</param>
/// <param name="Placement">Each VM's location and share of the bill, in the application's order.</param>
/// <param name="Steps">The migrations, in order.</param>
/// <param name="Why">The reasons, the decisive one first.</param>
/// <param name="Rejected">The sites that were out of the question, those that could not be asked first.</param>
public sealed record PlanDocument(
    string? Id,
    PlanState? State,
    DateTimeOffset MadeAt,
    string Application,
    Objective Objective,
    PlanDecision Decision,
    PlanStatus Status,
    double? Bound,
    double? Gap,
    PlanDocument.Terms? Before,
    PlanDocument.Terms? After,
    ImmutableArray<PlanDocument.PlacedVm> Placement,
    ImmutableArray<PlanDocument.Step> Steps,
    ImmutableArray<string> Why,
    ImmutableArray<PlanDocument.Rejection> Rejected)
{
    /// <summary>The document of a plan.</summary>
    public static PlanDocument Of(Plan plan, string? id = null, PlanState? state = null) => new(
        id,
        state,
        plan.MadeAt,
        plan.Application.Name,
        plan.Objective,
        plan.Decision,
        plan.Status,
        plan.Bound,
        plan.Gap,
        Terms.Of(plan.Before),
        Terms.Of(plan.After),
        [.. plan.Placement.Select(PlacedOf)],
        [.. plan.Steps.Select(StepOf)],
        [.. plan.Why.Select(PlanReasonText.Of)],
        RejectionsOf(plan.Rejected))
    {
        Wanted = plan.Wanted,
        Unasked = UnaskedIn(plan.Rejected.Concat(plan.Placement.SelectMany(vm => vm.Rejected))),
        Endpoints = [.. (plan.Endpoints.IsDefault ? [] : plan.Endpoints).Select(at => new EndpointSite([.. at.Names.Names], at.Site.Value, at.Traffic, at.WaitSeconds))],
        GramsBefore = plan.GramsBefore,
        GramsAfter = plan.GramsAfter,
        LeaveAt = plan.LeaveAt,
        Later = [.. plan.Later.Select(StepOf)],
        Then = [.. plan.Then.Select(later => new Part(later.At, [.. later.Steps.Select(StepOf)]))],
        NextEvent = plan.NextEvent,
        Waits = [.. plan.Waits.Select(RefusalText.Of)],
        Alternative = plan.Alternative is { } second
            ? new(second.Summary, second.Moves, Terms.Of(second.Terms)!, second.Worse, PlanReasonText.Of(second.Reason))
            : null,
    };

    /// <summary>The move that somebody wanted, whether or not it pays; null: the plan is for the objective's sake.</summary>
    public WantedMove? Wanted { get; init; }

    /// <summary>What was supposed of the world that it was made for, for people; empty: nothing.</summary>
    public ImmutableArray<string> WhatIf { get; init; } = [];

    /// <summary>The sites that could not be asked, by name: nothing comes there and nothing leaves them; what they sell is as it was last known.</summary>
    public ImmutableArray<string> Unasked { get; init; } = [];

    /// <summary>What the traffic with endpoints comes to, by their site; empty: VMs exchange nothing with any.</summary>
    public ImmutableArray<EndpointSite> Endpoints { get; init; } = [];

    /// <summary>What staying emits, in grams of CO2e; null: a VM is nowhere yet, or a site does not say.</summary>
    public double? GramsBefore { get; init; }

    /// <summary>What it emits under the plan, in grams of CO2e; null: there is no placement, or a site does not say.</summary>
    public double? GramsAfter { get; init; }

    /// <summary>When the first moves come that are planned for later; null: none are.</summary>
    public DateTimeOffset? LeaveAt { get; init; }

    /// <summary>The migrations from then on; their starts are counted from then, their cost is in <see cref="After"/>.</summary>
    public ImmutableArray<Step> Later { get; init; } = [];

    /// <summary>What comes after those, each at its own instant.</summary>
    public ImmutableArray<Part> Then { get; init; } = [];

    /// <summary>When the world is next known to change, and the service plans anew at the latest; null: nothing is known to happen.</summary>
    public DateTimeOffset? NextEvent { get; init; }

    /// <summary>What the policy for moves that nobody asked for waits for yet.</summary>
    public ImmutableArray<string> Waits { get; init; } = [];

    /// <summary>What came second; null if nothing else is known.</summary>
    public Second? Alternative { get; init; }

    /// <summary>The sites whose approval is missing, while the plan waits for any.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];

    /// <summary>How far it is, for people; where it waits, whose approval is missing and how it is given; null for a plan made offline.</summary>
    public string? StateText { get; init; }

    /// <summary>Why it ended other than applied, or was not started, for people; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>The same for programs.</summary>
    public RefusalCode? Code { get; init; }

    /// <summary>What was chosen when something went wrong half-way, and between what; oldest first.</summary>
    public ImmutableArray<string> HalfWay { get; init; } = [];

    /// <summary>What happened to it, oldest first.</summary>
    public ImmutableArray<Entry> Record { get; init; } = [];

    private static PlacedVm PlacedOf(PlannedVm vm) => new(
        vm.Vm.Value, vm.Location.Site.Value, vm.Location.Offer, vm.Bill.Hosting, vm.Bill.Traffic, vm.Bill.Moving)
    {
        RunnerUp = vm.RunnerUp is { } second
            ? new(second.Location.Site.Value, second.Location.Offer, second.Hosting, second.Traffic, second.Moving, second.Cost, second.TimeSeconds)
            : null,
        Rejected = RejectionsOf(vm.Rejected),
    };

    private static Step StepOf(MigrationStep step) => new(
        step.Vm.Value, Place.Of(step.From), Place.Of(step.To),
        step.Estimate.Bytes, step.Estimate.DurationSeconds, step.Estimate.DowntimeSeconds)
    {
        IsCold = step.Estimate.IsCold,
        IsRestart = step.IsRestart,
        Lost = step.Estimate.LostSeconds,
        Start = step.StartSeconds,
        Egress = step.Bill.Egress,
        DoubleHosting = step.Bill.DoubleHosting,
    };

    // A VM cannot come to such a site, or not leave it.
    private static ImmutableArray<string> UnaskedIn(IEnumerable<SiteRejection> rejected) =>
    [
        .. rejected.Select(rejection => rejection.Refusal).Where(refusal => refusal.Code is RefusalCode.OfflineArrival or RefusalCode.OfflineDeparture)
            .Select(refusal => refusal.Arguments.Site).OfType<SiteId>().Distinct().Select(site => site.Value).Order(StringComparer.Ordinal),
    ];

    // What could not be asked comes first: all else may be otherwise once it can.
    private static ImmutableArray<Rejection> RejectionsOf(ImmutableArray<SiteRejection> rejected) =>
        [.. rejected.OrderBy(rejection => rejection.Refusal.Code is not (RefusalCode.OfflineArrival or RefusalCode.OfflineDeparture)).Select(rejection => new Rejection(rejection.Site.Value, RefusalText.Of(rejection.Refusal), rejection.Refusal.Code))];

    /// <summary>Migrations that come later; their starts are counted from the instant.</summary>
    public sealed record Part(DateTimeOffset At, ImmutableArray<Step> Steps);

    /// <summary>One line of a plan's record: what happened, the state afterwards, who did it, at which site, to which step, and why.</summary>
    public sealed record Entry(DateTimeOffset At, string Event, PlanState State, string? By, string? Site, int? Step, string? Why);

    /// <summary>The terms of a placement.</summary>
    public sealed record Terms(double Hosting, double Traffic, double Moving, double Cost, double Time, double Utilization)
    {
        /// <summary>What it counts that VMs are not where their application would have them, in currency; on no bill, and no part of the cost. Left out where it is 0.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public double Preference { get; init; }

        /// <summary>The document of an estimate; null of none.</summary>
        public static Terms? Of(PlacementEstimate? estimate) => estimate is not { } terms
            ? null
            : new(terms.Hosting, terms.Traffic, terms.Moving, terms.Cost, terms.TimeSeconds, terms.Utilization) { Preference = terms.Preference };
    }

    /// <summary>One VM's location and its share of the bill.</summary>
    public sealed record PlacedVm(string Vm, string Site, string Offer, double Hosting, double Traffic, double Moving)
    {
        /// <summary>Where it would be otherwise; null if nowhere, or if there are too many VMs.</summary>
        public OtherPlace? RunnerUp { get; init; }

        /// <summary>The sites where it could not be; empty with more than 100 VMs.</summary>
        public ImmutableArray<Rejection> Rejected { get; init; } = [];
    }

    /// <summary>What the traffic with the endpoints of one site comes to: currency, a part of the plan's traffic, and the longest wait of a VM for what it receives, seconds.</summary>
    public sealed record EndpointSite(ImmutableArray<string> Endpoints, string Site, double Traffic, double Wait);

    /// <summary>A VM's second place, and by how much more each term of the whole application would be then: money, and seconds.</summary>
    public sealed record OtherPlace(
        string Site, string Offer, double Hosting, double Traffic, double Moving, double Cost, double Time);

    /// <summary>The placement that came second: what it has where, its moves and terms, by which share its objective is worse (null: the plan's is 0), and why it did.</summary>
    public sealed record Second(string Placement, int Moves, Terms Terms, double? Worse, string Reason);

    /// <summary>A site and an offer.</summary>
    public sealed record Place(string Site, string Offer)
    {
        /// <summary>The document of a location.</summary>
        public static Place Of(Location location) => new(location.Site.Value, location.Offer);
    }

    /// <summary>One migration: bytes sent, duration and downtime in seconds.</summary>
    public sealed record Step(string Vm, Place From, Place To, double Bytes, double Duration, double Downtime)
    {
        /// <summary>Whether the VM is stopped, copied and started anew, instead of moving while it runs.</summary>
        public bool IsCold { get; init; }

        /// <summary>Whether it is started anew on another offer of its site; its disks are copied where the site has hosts.</summary>
        public bool IsRestart { get; init; }

        /// <summary>The run time that it loses besides the downtime, in seconds; usually 0.</summary>
        public double Lost { get; init; }

        /// <summary>When it begins, in seconds after the first one.</summary>
        public double Start { get; init; }

        /// <summary>What its bytes cost, in currency.</summary>
        public double Egress { get; init; }

        /// <summary>What it costs that two sites host the VM meanwhile, in currency.</summary>
        public double DoubleHosting { get; init; }
    }

    /// <summary>A site and what stopped it.</summary>
    /// <param name="Site">The site.</param>
    /// <param name="Reason">What stopped it, for people.</param>
    /// <param name="Code">What stopped it, for programs.</param>
    public sealed record Rejection(string Site, string Reason, RefusalCode? Code = null);
}

/// <summary>What was done with a request to apply a plan.</summary>
/// <param name="Plan">The plan as it stands now.</param>
/// <param name="Did">Whether this request started anything: false if it had been applied before.</param>
/// <param name="Text">What was done, for people.</param>
public sealed record ApplyDocument(PlanDocument Plan, bool Did, string Text);

/// <summary>One live migration at the service.</summary>
/// <param name="Id">Its name: the plan's and the VM's.</param>
/// <param name="Plan">The plan that it is a step of.</param>
/// <param name="Application">Whose VM.</param>
/// <param name="Vm">The VM.</param>
/// <param name="From">Where it ran.</param>
/// <param name="To">Where it goes.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Epoch">What fences its calls to the hypervisor.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
/// <param name="Reason">Why it was rolled back, for people; null otherwise.</param>
/// <param name="Code">Why it was rolled back, for programs; null otherwise.</param>
public sealed record MigrationDocument(
    string Id, string Plan, string Application, string Vm, PlanDocument.Place From, PlanDocument.Place To, string Phase, long Epoch,
    DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Reason, RefusalCode? Code = null)
{
    /// <summary>The host that it comes from; null: its site has none.</summary>
    public string? FromHost { get; init; }

    /// <summary>The host that it goes to; null: its site has none, or none was picked yet.</summary>
    public string? ToHost { get; init; }

    /// <summary>Whether the VM runs meanwhile; otherwise it is stopped, copied and started anew.</summary>
    public bool IsLive { get; init; } = true;

    /// <summary>When each phase began that it has come to, the first one first.</summary>
    public Step[] Steps { get; init; } = [];

    /// <summary>What it was planned to take; null: an earlier version has planned it.</summary>
    public Figures? Estimated { get; init; }

    /// <summary>What it took, as far as it has come; null: nothing was told yet.</summary>
    public Figures? Measured { get; init; }

    /// <summary>Bytes of memory that are left in this round; null: not told.</summary>
    public long? BytesLeft { get; init; }

    /// <summary>How fast the VM rewrites its memory, bytes a second; null: not told.</summary>
    public double? DirtyBytesPerSecond { get; init; }

    /// <summary>How long the VM would stand still, were it switched now, seconds; null: not told.</summary>
    public double? ExpectedDowntimeSeconds { get; init; }

    /// <summary>What it waits for, for people; null: for nothing.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>Who has asked to take it back; null: nobody.</summary>
    public string? CancelledBy { get; init; }

    /// <summary>When a phase began.</summary>
    /// <param name="Phase">The phase.</param>
    /// <param name="At">When.</param>
    public sealed record Step(string Phase, DateTimeOffset At);

    /// <summary>What a migration takes.</summary>
    /// <param name="Seconds">From its first phase to the VM running at its destination; null: not known yet.</param>
    /// <param name="DowntimeSeconds">How long the VM stood still; null: not known yet.</param>
    /// <param name="Bytes">Bytes of memory and disks that were sent; null: not known.</param>
    /// <param name="Rounds">Rounds over the memory; null: not known.</param>
    public sealed record Figures(double? Seconds, double? DowntimeSeconds, double? Bytes, int? Rounds);
}

/// <summary>What came of the wish to take a migration back.</summary>
/// <param name="Migration">The migration as it stands.</param>
/// <param name="Text">What was done, for people.</param>
public sealed record MigrationCancelDocument(MigrationDocument Migration, string Text);
