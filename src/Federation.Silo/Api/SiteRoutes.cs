using System.Text.Json;
using Federation.Api;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Files;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>Sites: what they sell, and who holds what there.</summary>
internal static class SiteRoutes
{
    public static void MapSites(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/sites", List).WithName("ListSites").Produces<SiteDocument[]>().OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor);
        v1.MapGet("/sites/{site}", Get).WithName("GetSite").Produces<SiteDocument>().ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor);
        v1.MapPut("/sites/{site}", Put).WithName("PutSite").Produces<SiteDocument>().Produces<SiteDocument>(201)
            .ProducesProblem(400).ProducesProblem(409).ProducesProblem(412).ProducesProblem(413).ProducesProblem(429).OpenToItsSite().TakesBodiesOf(Limits.Files.SiteBytes)
            .WithDescription("The body is a site file, YAML or JSON, with its prices resolved. If-Match names the revision that it may replace.");
        v1.MapDelete("/sites/{site}", Delete).WithName("DeleteSite").Produces<SiteRemovalDocument>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(503)
            .OpenToItsSite()
            .WithDescription("Refused while VMs are there or on their way there, or a plan that has not ended counts on it. With the last site the federation's currency is free again.");
        v1.MapPost("/sites/{site}/diff", Diff).WithName("DiffSite").Produces<SiteDiffDocument>().ProducesProblem(400).ProducesProblem(413)
            .OpenToItsSite().TakesBodiesOf(Limits.Files.SiteBytes)
            .WithDescription("What a site file would change, and which VMs that are there it would keep out. Changes nothing.");
    }

    private static async Task<SiteDocument[]> List(IGrainFactory grains) => [.. (await grains.Overview().Sites()).Select(DocumentOf)];

    private static async Task<IResult> Get(string site, IGrainFactory grains, HttpContext context)
    {
        if (await grains.Overview().Site(new(site)) is not { } status)
        {
            return Problems.NotFound("site", site, Advice.Sites);
        }

        context.Response.Headers.ETag = $"\"{status.Revision}\"";
        // Only who sees what all tenants use sees the site as a whole.
        var figures = status is { Use: not null, IsOffline: false } ? await FiguresOf(grains.Site(status.Site.Id)) : null;
        return Results.Ok(DocumentOf(status) with { Figures = figures });
    }

    // A site that goes away just now is shown without them, as it is a moment later.
    private static async Task<SiteFiguresDocument?> FiguresOf(ISiteGrain site)
    {
        try
        {
            return await site.Figures() is { } figures ? SiteFigureDocuments.Of(figures) : null;
        }
        catch (Exception away) when (SiteOfflineException.Explains(away))
        {
            return null;
        }
    }

    private static async Task<IResult> Put(
        string site, HttpRequest request, FileBodies files, FileAnswers answers, IGrainFactory grains, CancellationToken cancel)
    {
        var (model, fault) = await Read(site, request, files, cancel);
        if (model is null)
        {
            return fault!;
        }

        var warnings = await answers.Warnings(model);
        var change = await grains.Site(model.Id).Apply(model, request.Revision());
        if (change.Refused is { } refusal)
        {
            return refusal.Code == RefusalCode.VersionDiffers ? Problems.PreconditionFailed(RefusalText.Of(refusal)) : Problems.Conflict(refusal);
        }

        var document = DocumentOf((await grains.Site(model.Id).Get())!) with
        {
            Applied = FileAnswers.Applied(change.Created, change.Changed, warnings),
        };
        return change.Created ? Results.Created($"/v1/sites/{site}", document) : Results.Ok(document);
    }

    private static async Task<IResult> Delete(string site, IGrainFactory grains) => await grains.Site(new(site)).Delete() switch
    {
        { Refused: { } refusal } => Problems.Conflict(refusal),
        { Removed: false } => Problems.NotFound("site", site, Advice.Sites),
        var removal => Results.Ok(new SiteRemovalDocument(site, [.. removal.LinkedFrom.Select(other => other.Value)])),
    };

    private static async Task<IResult> Diff(
        string site, HttpRequest request, FileBodies files, FileAnswers answers, IGrainFactory grains, TimeProvider clock, CancellationToken cancel)
    {
        var (model, fault) = await Read(site, request, files, cancel);
        if (model is null)
        {
            return fault!;
        }

        var status = await grains.Site(model.Id).Get();
        var affected = status is null ? [] : status.Ledger.Outside(model, clock.GetUtcNow());
        var other = (await answers.Sites()).FirstOrDefault(known => known.Currency != model.Currency);
        return Results.Ok(new SiteDiffDocument(
            site,
            status?.Revision ?? 0,
            FileAnswers.Documents(FileDifference.Between(status?.Site, model)),
            [.. affected.Select(hit => new SiteDiffDocument.Vm(hit.Vm.Application.Name, hit.Vm.Vm.Value, RefusalText.Of(hit.Refusal), hit.Refusal.Code))],
            other is null ? null : RefusalText.Of(Refusal.CurrencyDiffers(model.Id, model.Currency, other.Currency)),
            await answers.Warnings(model)));
    }

    private static async Task<(Site? Site, IResult? Fault)> Read(string site, HttpRequest request, FileBodies files, CancellationToken cancel)
    {
        var (parsed, refused) = await files.Read(request, text => SiteFile.Parse(text, $"{site}.yaml"), cancel);
        return parsed is null ? (null, refused)
            : parsed.Value is not { } model ? (null, Problems.Faulty(parsed.Faults))
            : model.Id == new SiteId(site) ? (model, null)
            : (null, Problems.Bad($"the body describes site '{model.Id}', the address names '{site}': make them the same"));
    }

    private static SiteDocument DocumentOf(SiteStatus status) => new(
        status.Site.Id.Value,
        status.Revision,
        JsonSerializer.Deserialize<JsonElement>(SiteFile.ToJson(status.Site)),
        [.. status.Ledger.Allocations.Values.Select(HoldOf)],
        Online: !status.IsOffline,
        Use: status.Use is { } use ? UseOf(status.Site, use) : null,
        Outside: [.. status.Outside.Select(vm => new OutsideVmDocument(vm.Vm.Application.Name, vm.Vm.Vm.Value, RefusalText.Of(vm.Refusal), vm.Refusal.Code))],
        LostSince: status.LostSince);

    private static HoldDocument HoldOf(Allocation allocation) => new(
        allocation.Vm.Application.Name, allocation.Vm.Vm.Value, allocation.Offer, allocation.State.ToString().ToLowerInvariant(), allocation.Since,
        $"{allocation.Reservation}", allocation.ExpiresAt, allocation.Host, allocation.Next?.Host);

    private static SiteUseDocument UseOf(Site site, Occupancy use)
    {
        var usable = site.Capacity?.Usable;
        return new(
            use.Vcpus, use.MemoryBytes, use.Vms,
            site.Capacity?.Vcpus is null ? null : usable?.Vcpus,
            site.Capacity?.MemoryBytes is null ? null : usable?.MemoryBytes,
            site.Capacity?.Vms is null ? null : usable?.Vms);
    }
}
