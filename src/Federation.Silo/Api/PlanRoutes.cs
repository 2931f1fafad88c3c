using System.Collections.Immutable;
using Federation.Api;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>Plans.</summary>
internal static class PlanRoutes
{
    public static void MapPlans(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/applications/{app}/pareto", Pareto).WithName("LookAtPareto").Produces<ParetoDocument>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(429)
            .OpenTo(Role.Tenant, Role.Auditor);
        v1.MapPost("/applications/{app}/what-if", TryOut).WithName("TryPlan").Produces<PlanDocument>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(429)
            .OpenTo(Role.Tenant, Role.Auditor)
            .WithDescription("The plan that would be made were the world as whatIf says: { \"site\": \"rennes\" } is closed, { \"site\": \"rennes\", \"factor\": 2 } has twice its prices, { \"objective\": \"time\" }, { \"margin\": 0.2 } and { \"deadlineSeconds\": 7200 } replace what its owner wants. Nothing is kept.");
        v1.MapGet("/plans", List).WithName("ListPlans").Produces<PlanDocument[]>().ProducesProblem(400).OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor);
        v1.MapGet("/plans/{plan}", Get).WithName("GetPlan").Produces<PlanDocument>().ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor);
        v1.MapGet("/plans/{plan}/view", View).WithName("GetPlanView").Produces<PlacementView>().ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.Auditor);
        v1.MapPost("/plans/{plan}/apply", Apply).WithName("ApplyPlan").Produces<ApplyDocument>().Produces<ApplyDocument>(202)
            .ProducesProblem(404).ProducesProblem(409).OpenTo(Role.Tenant);
        v1.MapPost("/plans/{plan}/cancel", Cancel).WithName("CancelPlan").Produces<ApplyDocument>().ProducesProblem(404).ProducesProblem(409)
            .OpenTo(Role.Tenant);
        v1.MapPost("/plans/{plan}/approve", Approve).WithName("ApprovePlan").Produces<ApplyDocument>()
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).OpenTo(Role.SiteAdmin);
        v1.MapPost("/plans/{plan}/reject", Reject).WithName("RejectPlan").Produces<ApplyDocument>()
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).OpenTo(Role.SiteAdmin);
        v1.MapPost("/plans/{plan}/withdraw", Withdraw).WithName("WithdrawApproval").Produces<ApplyDocument>()
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).OpenTo(Role.SiteAdmin);
    }

    private static async Task<IResult> Pareto(PlanRequest request, int? points, IGrainFactory grains, HttpContext context, CancellationToken cancel)
    {
        if ((Bounds.FaultOf("points", points, ParetoFront.FewestPoints, ParetoFront.MostPoints) ?? PlanJobRoutes.FaultOf(request)) is { } fault)
        {
            return Problems.Bad(fault);
        }

        var answer = await grains.Placement(context.Application()).Pareto(request, points ?? ParetoFront.DefaultPoints, cancel);
        return answer.Refusal is { } refusal ? PlanJobRoutes.TooMany(context, refusal)
            : answer.Front is { } front ? Results.Ok(ParetoDocument.Of(front))
            : context.Target().NotFound();
    }

    private static async Task<IResult> TryOut(PlanRequest request, IGrainFactory grains, HttpContext context, CancellationToken cancel)
    {
        if ((PlanJobRoutes.FaultOf(request with { WhatIf = null }) ?? FaultOf(request.WhatIf ?? [], request.Move is not null)) is { } fault)
        {
            return Problems.Bad(fault);
        }

        var answer = await grains.Placement(context.Application()).Suppose(request, cancel);
        return answer switch
        {
            { Refusal: { Code: RefusalCode.SiteUnknown } unknown } => Problems.NotFound("site", $"{unknown.Arguments.Site}", Advice.Sites),
            { Refusal: { } refusal } => PlanJobRoutes.TooMany(context, refusal),
            { Plan: { } plan } => Results.Ok(PlanDocument.Of(plan) with { WhatIf = [.. request.WhatIf!.Value.Select(change => change.Text)] }),
            _ => context.Target().NotFound(),
        };
    }

    private static string? FaultOf(ImmutableArray<WhatIf> changes, bool isMove) => isMove ? "move is for plans that are kept: POST /v1/applications/APP/plans"
        : changes.Length is 0 or > WhatIf.MostChanges ? $"whatIf holds {changes.Length} changes; 1 to {WhatIf.MostChanges} are tried: [{{ \"site\": \"rennes\", \"factor\": 2 }}]"
        : changes.Select(change => (change ?? new()).Fault).FirstOrDefault(fault => fault is not null);

    private static async Task<IResult> List(
        string? application, string? tenant, bool? waiting, string? before, int? limit, IGrainFactory grains, RequestTargets targets, HttpContext context)
    {
        var (list, refusal) = await Asked(application, tenant, before, limit, waiting, targets, context);
        if (list is null)
        {
            return refusal!;
        }

        var page = await grains.Overview().Plans(list);
        context.LinkNext("before", page.Next?.Key);
        return Results.Ok(page.Items.OrderBy(plan => plan.Id).Select(DocumentOf).ToArray());
    }

    // Either a list that is asked for, or why not.
    public static async Task<(PlanList? List, IResult? Refusal)> Asked(
        string? application, string? tenant, string? before, int? limit, bool? waiting, RequestTargets targets, HttpContext context)
    {
        PlanId? place = PlanId.TryParse(before, out var last) && last.Application.IsWhole && last.Key == before ? last : null;
        if (Pages.Fault(limit, PlanPage.MostPlans, "before", before, place is not null) is { } fault)
        {
            return (null, fault);
        }

        var asked = await targets.Asked(application, tenant, context.Caller());
        return asked.Refusal is { } refusal ? (null, refusal)
            : (new(asked.Application, place, limit ?? PlanPage.Usual, waiting ?? false), null);
    }

    private static async Task<IResult> Get(IGrainFactory grains, HttpContext context) =>
        await Find(grains, context) is { } found ? Results.Ok(DocumentOf(found)) : await PlanJobRoutes.NotThere(grains, context);

    private static async Task<IResult> View(IGrainFactory grains, HttpContext context) =>
        await grains.Plan(context.Target().Plan!.Value).World() is { } view ? Results.Ok(view) : await PlanJobRoutes.NotThere(grains, context);

    private static async Task<IResult> Apply(IGrainFactory grains, HttpContext context) =>
        await AnswerOf(grains, context, await grains.Plan(context.Target().Plan!.Value).Apply());

    private static async Task<IResult> Cancel(IGrainFactory grains, HttpContext context) =>
        await AnswerOf(grains, context, await grains.Plan(context.Target().Plan!.Value).Cancel());

    private static Task<IResult> Approve(string? site, IGrainFactory grains, HttpContext context) =>
        AtSite(site, grains, context, (plan, at) => Decide(grains, plan, at, door => door.Approve(plan.Id)));

    private static async Task<IResult> Reject(string? site, string? reason, IGrainFactory grains, HttpContext context) =>
        Bounds.FaultOfLine("reason", reason) is { } fault
            ? Problems.Bad(fault)
            : await AtSite(site, grains, context, (plan, at) => Decide(grains, plan, at, door => door.Reject(plan.Id, reason)));

    private static Task<IResult> Withdraw(string? site, IGrainFactory grains, HttpContext context) => AtSite(site, grains, context, async (plan, at) =>
    {
        await grains.Site(at).WithdrawApproval(plan.Id);
        return Verdict.Feasible;
    });

    // A plan that nobody has started yet may be decided on as well: that starts nothing.
    private static async Task<Verdict> Decide(IGrainFactory grains, StoredPlan plan, SiteId at, Func<ISiteGrain, Task<Verdict>> decision) =>
        plan.State == PlanState.Proposed && (await grains.Plan(plan.Id).WantApproval(at)).Refusal is { } refusal
            ? Verdict.Reject(refusal)
            : await decision(grains.Site(at));

    private static async Task<IResult> AtSite(string? site, IGrainFactory grains, HttpContext context, Func<StoredPlan, SiteId, Task<Verdict>> decide)
    {
        var caller = context.Caller();
        if (await Find(grains, context) is not { } found)
        {
            return context.Target().NotFound();
        }

        var own = !string.IsNullOrWhiteSpace(site) ? [new SiteId(site)] : found.Touches.Where(caller.Administrates).ToImmutableArray();
        if (own is not [var at])
        {
            return Problems.Bad("it is not clear for which site", Advice.Site(string.Join(" or ", own)));
        }

        if (!caller.Administrates(at))
        {
            return Problems.Forbidden($"only an administrator of {at} decides for it");
        }

        var verdict = await decide(found, at);
        return verdict.Refusal is { } refusal
            ? Problems.Conflict(refusal)
            : Results.Ok(Document(await grains.Plan(found.Id).Get() ?? found, did: true));
    }

    private static async Task<IResult> AnswerOf(IGrainFactory grains, HttpContext context, PlanAnswer answer) => answer switch
    {
        { Plan: null } => await PlanJobRoutes.NotThere(grains, context),
        { Refusal: { } refusal } => Problems.Conflict(refusal),
        { Did: true, Plan: { State: PlanState.Waiting or PlanState.Applying } plan } => Results.Accepted($"/v1/plans/{context.Target().Name}", Document(plan, did: true)),
        { Plan: { } plan } => Results.Ok(Document(plan, answer.Did)),
    };

    private static ApplyDocument Document(StoredPlan plan, bool did) =>
        new(DocumentOf(plan), did, did ? PlanTexts.Of(plan.Saga) : PlanTexts.OfNothingDone(plan.Saga));

    private static Task<StoredPlan?> Find(IGrainFactory grains, HttpContext context) => grains.Plan(context.Target().Plan!.Value).Get();

    /// <summary>The document of a plan.</summary>
    public static PlanDocument DocumentOf(StoredPlan stored) => PlanDocument.Of(stored.Plan, stored.Id.Local, stored.State) with
    {
        Missing = [.. stored.Saga.Missing.Select(site => site.Value)],
        Reason = stored.Saga.Reason is { } reason ? RefusalText.Of(reason) : null,
        Code = stored.Saga.Reason?.Code,
        StateText = PlanTexts.Of(stored.Saga),
        HalfWay = [.. stored.Saga.Choices.Select(PlanTexts.Of)],
        Record = [.. stored.Record.Select(entry => new PlanDocument.Entry(
            entry.At, entry.Event, entry.State, entry.By, entry.Site?.Value, entry.Step, entry.Why is { } why ? RefusalText.Of(why) : null))],
    };
}
