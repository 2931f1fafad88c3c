using System.Runtime.CompilerServices;
using System.Text.Json;
using Federation.Api;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Predictions;
using Federation.Domain.Refusals;
using Federation.Files;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>Applications and their VMs.</summary>
internal static class ApplicationRoutes
{
    // Written once for each description and where its VMs are: the same one is read many times.
    private static readonly ConditionalWeakTable<Application, StrongBox<JsonElement>> Descriptions = [];

    public static void MapApplications(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/applications", List).WithName("ListApplications").Produces<ApplicationDocument[]>().ProducesProblem(400)
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)
            .WithDescription("By name, up to 100 at once. A site's administrator gets those with VMs at his site, and of them those VMs ('partial'). The Link header says where the next page is.");
        v1.MapGet("/applications/{app}", Get).WithName("GetApplication").Produces<ApplicationDocument>().Produces(304).ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.Auditor).WithMetadata(new ReadsItsTarget())
            .WithDescription("The ETag is the version of the description, \"INCARNATION.REVISION\"; where VMs are is no part of it. "
                + "With predictions=true it says how far off the estimates of its live moves were, of its newest 100 plans; then it is sent whole each time.");
        v1.MapGet("/applications/{app}/costs", Costs).WithName("GetCosts").Produces<CostsDocument>().ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.Auditor)
            .WithDescription("What it has cost since it first ran: by the hour for three days, then by the day, then by the month; with what it would have cost had no VM moved.");
        v1.MapPut("/applications/{app}", Put).WithName("PutApplication").Produces<ApplicationDocument>().Produces<ApplicationDocument>(201)
            .Produces<PendingDocument>(202).ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).ProducesProblem(412).ProducesProblem(413).ProducesProblem(429)
            .OpenTo(Role.Tenant).WithMetadata(new MakesItsTarget()).TakesBodiesOf(Limits.Files.ApplicationBytes)
            .WithDescription("The body is an application file, YAML or JSON. All of it takes effect or none; If-Match and If-None-Match: * are honoured.");
        v1.MapPost("/applications/{app}/diff", Diff).WithName("DiffApplication").Produces<ApplicationDiffDocument>().ProducesProblem(400).ProducesProblem(403)
            .ProducesProblem(413).ProducesProblem(429).OpenTo(Role.Tenant).WithMetadata(new MakesItsTarget()).TakesBodiesOf(Limits.Files.ApplicationBytes)
            .WithDescription("What an application file would change, and what stands against it now. Changes nothing; If-Match and If-None-Match: * are honoured.");
        v1.MapDelete("/applications/{app}", Delete).WithName("DeleteApplication").Produces(204).Produces<PendingDocument>(202).ProducesProblem(404)
            .ProducesProblem(409).ProducesProblem(412)
            .OpenTo(Role.Tenant);
        v1.MapGet("/vms", ListVms).WithName("ListVms").Produces<VmDocument[]>().ProducesProblem(400).ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor);
        v1.MapGet("/applications/{app}/vms/{vm}", GetVm).WithName("GetVm").Produces<VmDocument>().ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.Auditor).WithMetadata(new ReadsItsTarget());
    }

    private static Task<IResult> List(string? after, int? limit, IGrainFactory grains, TimeProvider clock, HttpContext context) =>
        Page<ApplicationDocument>(null, after, limit, grains, context, status => [DocumentOf(status, clock)]);

    private static async Task<IResult> Get(bool? predictions, RequestTargets targets, IGrainFactory grains, TimeProvider clock, HttpContext context)
    {
        if (await targets.Status(context) is not { } status)
        {
            return context.Target().NotFound();
        }

        context.Response.GetTypedHeaders().ETag = EntityTags.TagOf(status.Version);
        if (predictions == true)
        {
            var moves = await grains.Overview().Migrations(new(context.Application(), Limit: PlanPage.MostPlans));
            return Results.Ok(DocumentOf(status, clock) with { Predictions = [.. MovePredictions.Of(moves.Items).Select(PredictionOf)] });
        }

        return context.Request.IsKnown(status.Version) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Ok(DocumentOf(status, clock));
    }

    private static async Task<IResult> Costs(IGrainFactory grains, HttpContext context)
    {
        var costs = await grains.Costs(context.Application()).Get();
        return Results.Ok(CostsDocument.Of(context.Application().Name, costs.Currency, costs.Until, costs.Slices, costs.Moves));
    }

    private static async Task<IResult> Put(
        string app, HttpRequest request, FileBodies files, FileAnswers answers, IGrainFactory grains, TimeProvider clock, CancellationToken cancel)
    {
        var (model, fault) = await Read(app, request, files, cancel);
        if (model is null)
        {
            return fault!;
        }

        var warnings = await answers.Warnings(model);
        var change = await grains.Application(model.Id).Apply(model, request.Condition());
        if (Incomplete(app, change, request.HttpContext) is { } answer)
        {
            return answer;
        }

        var document = DocumentOf(await grains.Application(model.Id).Get(), clock) with
        {
            Applied = FileAnswers.Applied(change.Created, change.Changed, warnings),
        };
        return change.Created ? Results.Created($"/v1/applications/{app}", document) : Results.Ok(document);
    }

    private static async Task<IResult> Diff(
        string app, HttpRequest request, FileBodies files, FileAnswers answers, IGrainFactory grains, CancellationToken cancel)
    {
        var (model, fault) = await Read(app, request, files, cancel);
        if (model is null)
        {
            return fault!;
        }

        var grain = grains.Application(model.Id);
        var change = await grain.Preview(model, request.Condition());
        var before = change.Changed ? await grain.Get() : null;
        return Results.Ok(new ApplicationDiffDocument(
            app,
            change.Version?.ToString(),
            change.Changed ? FileAnswers.Documents(FileDifference.Between(before?.Application, model)) : [],
            [.. change.Refused.Select(RefusalText.Of)],
            await answers.Warnings(model),
            [.. before is null ? [] : Stops(before, model)]));
    }

    private static IEnumerable<string> Stops(ApplicationStatus before, Application next) =>
        before.Application.Vms.Zip(before.Vms).Where(vm => vm.Second.At is not null && next.Vms.All(kept => kept.Id != vm.First.Id)).Select(vm => vm.First.Id.Value);

    private static async Task<(Application? Application, IResult? Fault)> Read(string app, HttpRequest request, FileBodies files, CancellationToken cancel)
    {
        var (parsed, refused) = await files.Read(request, text => ApplicationFile.Parse(text, $"{app}.yaml"), cancel);
        return parsed is null ? (null, refused)
            : parsed.Value is not { } model ? (null, Problems.Faulty(parsed.Faults))
            : model.Id.Name != app ? (null, Problems.Bad($"the body describes application '{model.Id.Name}', the address names '{app}': make them the same"))
            : !request.HttpContext.Caller().MayActFor(model.Tenant) ? (null, Problems.Forbidden($"the body says tenant '{model.Tenant}', for which this token does not act"))
            : (model, null);
    }

    private static async Task<IResult> Delete(IGrainFactory grains, HttpContext context)
    {
        var change = await grains.Application(context.Application()).Delete(context.Request.Condition());
        return Incomplete(context.Application().Name, change, context) ?? (change.Changed ? Results.NoContent() : context.Target().NotFound());
    }

    // Refused, or under way yet; null: it is done.
    private static IResult? Incomplete(string app, ApplicationChange change, HttpContext context)
    {
        if (change.Version is { } version)
        {
            context.Response.GetTypedHeaders().ETag = EntityTags.TagOf(version);
        }

        return change.Refused is [{ Code: RefusalCode.VersionDiffers } differs, ..] ? Problems.PreconditionFailed(RefusalText.Of(differs))
            : !change.Refused.IsEmpty ? Problems.Conflict(string.Join("; ", change.Refused))
            : change.IsPending ? Results.Accepted(
                $"/v1/applications/{app}",
                new PendingDocument(app, "a site or a hypervisor does not answer: it goes on by itself, and takes effect whole or not at all; what is in force is shown until then"))
            : null;
    }

    private static async Task<IResult> ListVms(
        string? application, string? tenant, string? after, int? limit, IGrainFactory grains, RequestTargets targets, HttpContext context)
    {
        var asked = await targets.Asked(application, tenant, context.Caller());
        return asked.Refusal ?? await Page(asked.Application, after, limit, grains, context, VmsOf);
    }

    // Of each application on the page what is listed of it.
    private static async Task<IResult> Page<T>(
        AppId? application, string? after, int? limit, IGrainFactory grains, HttpContext context, Func<ApplicationStatus, IEnumerable<T>> listed)
    {
        AppId? place = AppId.TryParse(after, out var last) && last.IsWhole && last.Key == after ? last : null;
        if (Pages.Fault(limit, ApplicationList.Most, "after", after, place is not null) is { } fault)
        {
            return fault;
        }

        var page = await grains.Overview().Applications(new(application, place, limit ?? ApplicationList.Most));
        context.LinkNext("after", page.Next?.Key);
        return Results.Ok(page.Items.SelectMany(listed).ToArray());
    }

    private static async Task<IResult> GetVm(string vm, RequestTargets targets, HttpContext context) =>
        await targets.Status(context) is not { } status ? context.Target().NotFound()
        : VmsOf(status).FirstOrDefault(document => document.Vm == vm) is { } found ? Results.Ok(found)
        : Problems.NotFound($"VM of application '{context.Application().Name}'", vm, Advice.VmsOf(context.Application().Name));

    private static ApplicationDocument DocumentOf(ApplicationStatus? status, TimeProvider clock) => new(
        status!.Application.Id.Name,
        status.Revision,
        Descriptions.GetValue(status.Application, described => new(JsonSerializer.Deserialize<JsonElement>(ApplicationFile.ToJson(described)))).Value,
        [.. VmsOf(status)],
        status.Progress.At(status.Application, clock.GetUtcNow()).Remaining.TotalSeconds,
        status.Progress.Due,
        status.Version.ToString(),
        status.IsPart);

    private static PredictionDocument PredictionOf(LinkPrediction link) => new(
        link.From.Value, link.To.Value, link.Kind.ToString().ToLowerInvariant(), link.Error.Count, link.Error.Bias ?? 1, link.Error.Correction, link.Error.Low, link.Error.High);

    private static IEnumerable<VmDocument> VmsOf(ApplicationStatus status) =>
        status.Application.Vms.Zip(status.Vms, status.LastWindows).Select(vm => new VmDocument(
            status.Application.Id.Name,
            vm.First.Id.Value,
            [.. vm.First.Addresses.Concat(status.Given?.GetValueOrDefault(vm.First.Id, []) ?? []).Select(address => address.ToString())],
            vm.Second.At is { } at ? PlanDocument.Place.Of(at) : null,
            vm.Second.Epoch,
            vm.Third?.Start,
            vm.Second.Host,
            vm.Second.LostSince,
            status.Publics?.GetValueOrDefault(vm.First.Id)?.Address?.ToString(),
            status.Publics?.GetValueOrDefault(vm.First.Id)?.Refusal is { } refusal ? RefusalText.Of(refusal) : null));
}
