using System.Globalization;
using Federation.Api;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Planning;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>Plans from the moment at which they are asked for until they are made.</summary>
internal static class PlanJobRoutes
{
    /// <summary>The longest that a request waits for a plan, seconds; asking for one waits so long unless it says otherwise.</summary>
    public const double LongestWait = 150;

    // A silo that dies is noticed between two calls.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TakingOver = TimeSpan.FromSeconds(1);

    public static void MapPlanJobs(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/applications/{app}/plans", Make).WithName("MakePlan").Produces<PlanDocument>(201).Produces<PlanJobDocument>(202)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(429).ProducesProblem(503).OpenTo(Role.Tenant)
            .WithDescription($"Waits for the plan for up to wait= seconds, 0 to {LongestWait}, {LongestWait} unless said; 202 when it is not made by then. Going away while it waits cancels it.");
        v1.MapGet("/plans/{plan}/job", Get).WithName("GetPlanJob").Produces<PlanJobDocument>().ProducesProblem(400).ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.Auditor)
            .WithDescription($"How far the making of a plan is; waits for its end for up to wait= seconds, 0 to {LongestWait}, 0 unless said.");
        v1.MapDelete("/plans/{plan}/job", Cancel).WithName("CancelPlanJob").Produces<PlanJobDocument>().ProducesProblem(404).ProducesProblem(409)
            .OpenTo(Role.Tenant)
            .WithDescription("Cancels the making of a plan, whether it waits or is being solved.");
    }

    /// <summary>What is wrong with how a plan is asked for; null: nothing.</summary>
    public static string? FaultOf(PlanRequest request) =>
        Bounds.FaultOf("windows", request.Windows, 1, Limits.Request.Windows)
        ?? Bounds.FaultOfPositive("timeLimitSeconds", request.TimeLimitSeconds, Limits.Request.SolverSeconds)
        ?? (request.Move is { } move && (string.IsNullOrEmpty(move.Vm.Value) || string.IsNullOrEmpty(move.Site.Value))
            ? "move names a VM and a site: { \"vm\": \"vm1\", \"site\": \"rennes\" }" : null)
        ?? (request.WhatIf is not null ? "whatIf is for plans that nobody keeps: POST /v1/applications/APP/what-if" : null)
        ?? (request.Drain is not null ? "drain is for the administrators of the host's site: POST /v1/sites/SITE/hosts/HOST/drain" : null)
        ?? (request.Solver is { } solver && !Solvers.Names.Contains(solver) ? $"solver '{solver}' is none of {string.Join(", ", Solvers.Names)}" : null);

    /// <summary>Too much waits already.</summary>
    public static IResult TooMany(HttpContext context, Refusal refusal) => Problems.TooMany(context, RefusalText.Of(refusal), refusal.Again ?? TakingOver);

    /// <summary>That a plan is not there: it may be that it is not made yet.</summary>
    public static async Task<IResult> NotThere(IGrainFactory grains, HttpContext context)
    {
        var (target, caller) = (context.Target(), context.Caller());
        return target.Plan is { } plan && caller.Sees(plan.Application.Tenant)
            && await grains.Placement(plan.Application).Job(plan.Number, TimeSpan.Zero, context.RequestAborted) is { Plan: null } job
                ? Problems.Of(
                    StatusCodes.Status404NotFound, "Not found", $"there is no {target.Kind} '{target.Name}' yet: it was asked for, and {TextOf(job)}",
                    Advice.JobOf(target.Name))
                : target.NotFound();
    }

    private static async Task<IResult> Make(
        PlanRequest request, double? wait, IGrainFactory grains, TimeProvider clock, HttpContext context, CancellationToken cancel)
    {
        if ((FaultOf(request) ?? FaultOf(wait)) is { } fault)
        {
            return Problems.Bad(fault);
        }

        var placement = grains.Placement(context.Application());
        var asked = await placement.Ask(request);
        if (asked.Id is not { } id)
        {
            return asked.Refusal switch
            {
                null => context.Target().NotFound(),
                { Kind: RefusalKind.Temporary } refusal => TooMany(context, refusal),
                { Code: RefusalCode.SiteUnknown } refusal => Problems.NotFound("site", $"{refusal.Arguments.Site}", Advice.Sites),
                var refusal => Problems.Conflict(refusal),
            };
        }

        try
        {
            return await WaitFor(grains, id, wait ?? LongestWait, clock, cancel) is { } job ? AnswerOf(job, context) : context.Target().NotFound();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Nobody has its name, so that nobody else would.
            await placement.CancelJob(id.Number);
            throw;
        }
    }

    private static async Task<IResult> Get(double? wait, IGrainFactory grains, TimeProvider clock, HttpContext context, CancellationToken cancel) =>
        FaultOf(wait) is { } fault ? Problems.Bad(fault)
        : await WaitFor(grains, context.Target().Plan!.Value, wait ?? 0, clock, cancel) is { } job ? Results.Ok(DocumentOf(job))
        : context.Target().NotFound();

    private static async Task<IResult> Cancel(IGrainFactory grains, HttpContext context)
    {
        var plan = context.Target().Plan!.Value;
        return await grains.Placement(plan.Application).CancelJob(plan.Number) switch
        {
            { Job: null } => context.Target().NotFound(),
            { Refusal: { } refusal } => Problems.Conflict(refusal),
            { Job: { } job } => Results.Ok(DocumentOf(job)),
        };
    }

    private static string? FaultOf(double? wait) => Bounds.FaultOf("wait", wait, 0, LongestWait);

    // The silo that works it out may die meanwhile: another one goes on with it.
    private static async Task<PlanJob?> WaitFor(IGrainFactory grains, PlanId plan, double seconds, TimeProvider clock, CancellationToken cancel)
    {
        var (asked, longest) = (clock.GetTimestamp(), TimeSpan.FromSeconds(seconds));
        while (true)
        {
            var left = longest - clock.GetElapsedTime(asked);
            try
            {
                var once = left > LongestCall ? LongestCall : left > TimeSpan.Zero ? left : TimeSpan.Zero;
                var job = await grains.Placement(plan.Application).Job(plan.Number, once, cancel);
                if (job is null or { IsOver: true } || left <= TimeSpan.Zero)
                {
                    return job;
                }
            }
            catch (Exception away) when (FederationOutage.IsTakenOver(away) && left > TimeSpan.Zero)
            {
                await Task.Delay(TakingOver, clock, cancel);
            }
        }
    }

    private static IResult AnswerOf(PlanJob job, HttpContext context) => job switch
    {
        { Plan: { } plan } => Results.Created(AddressOf(job.Id, ""), PlanRoutes.DocumentOf(plan)),
        { Refusal: { Kind: RefusalKind.Temporary } refusal } => Problems.Busy(context, RefusalText.Of(refusal), TakingOver),
        { Refusal: { } refusal } => Problems.Conflict(refusal),
        _ => Results.Accepted(AddressOf(job.Id, "/job"), DocumentOf(job)),
    };

    private static string AddressOf(PlanId plan, string what) =>
        $"/v1/plans/{plan.Local}{what}?tenant={Uri.EscapeDataString(plan.Application.Tenant.Value)}";

    private static PlanJobDocument DocumentOf(PlanJob job) => new(
        job.Id.Local, job.State, job.Before, job.AskedAt, job.Since, TextOf(job), job.Refusal?.Code, job.Plan is { } plan ? PlanRoutes.DocumentOf(plan) : null);

    private static string TextOf(PlanJob job) => job switch
    {
        { Refusal: { } refusal } => RefusalText.Of(refusal),
        { State: PlanJobState.Waiting } => $"it waits for its turn, {job.Before} before it",
        { State: PlanJobState.Solving } => $"it is being worked out since {job.Since?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}",
        _ => "it is made",
    };
}
