using System.Text.Json;
using Federation.Contracts;
using Federation.Domain.Documents;
using Federation.Domain.Identity;
using Federation.Sites;

namespace Federation.Silo.Api;

/// <summary>Sites: what they sell, and who holds what there.</summary>
internal static class SiteRoutes
{
    private const string Remedy = "GET /v1/sites lists them";

    public static void MapSites(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/sites", List).WithName("ListSites").Produces<SiteDocument[]>();
        v1.MapGet("/sites/{site}", Get).WithName("GetSite").Produces<SiteDocument>().ProducesProblem(404).ProducesProblem(503);
        v1.MapPut("/sites/{site}", Put).WithName("PutSite").Produces<SiteDocument>().Produces<SiteDocument>(201)
            .ProducesProblem(400).ProducesProblem(409)
            .WithDescription("The body is a site file, YAML or JSON, with its prices resolved.");
    }

    private static async Task<SiteDocument[]> List(IGrainFactory grains)
    {
        var sites = await grains.Federation().Sites();
        var all = await Task.WhenAll(sites.Select(site => Find(site, grains)));
        return [.. all.OfType<SiteDocument>()];
    }

    // One that is offline is listed as it was last known.
    private static async Task<SiteDocument?> Find(SiteId site, IGrainFactory grains)
    {
        try
        {
            return await grains.Site(site).Get() is { } status ? DocumentOf(status) : null;
        }
        catch (Exception away) when (SiteOfflineException.Explains(away))
        {
            return await grains.Federation().Description(site) is { } last
                ? new(site.Value, 0, JsonSerializer.Deserialize<JsonElement>(SiteFile.ToJson(last)), [], Online: false)
                : null;
        }
    }

    private static async Task<IResult> Get(string site, IGrainFactory grains, HttpResponse response)
    {
        if (!(await grains.Federation().Sites()).Contains(new(site)) || await grains.Site(new(site)).Get() is not { } status)
        {
            return Problems.NotFound("site", site, Remedy);
        }

        response.Headers.ETag = $"\"{status.Revision}\"";
        return Results.Ok(DocumentOf(status));
    }

    private static async Task<IResult> Put(string site, HttpRequest request, IGrainFactory grains, CancellationToken cancel)
    {
        var text = await Body.ReadText(request, cancel);
        var parsed = SiteFile.Parse(text, $"{site}.yaml");
        if (parsed.Value is not { } model)
        {
            return Problems.Faulty(parsed.Faults);
        }

        if (model.Id != new SiteId(site))
        {
            return Problems.Bad($"the body describes site '{model.Id}', the address names '{site}': make them the same");
        }

        var change = await grains.Site(model.Id).Apply(model);
        if (change.Refused is { } reason)
        {
            return Problems.Conflict(reason);
        }

        var document = DocumentOf((await grains.Site(model.Id).Get())!);
        return change.Created ? Results.Created($"/v1/sites/{site}", document) : Results.Ok(document);
    }

    private static SiteDocument DocumentOf(SiteStatus status) => new(
        status.Site.Id.Value,
        status.Revision,
        JsonSerializer.Deserialize<JsonElement>(SiteFile.ToJson(status.Site)),
        [.. status.Ledger.Holds.Values.Select(hold => new HoldDocument(
            hold.Vm.Application.Value, hold.Vm.Vm.Value, hold.Offer, hold.State.ToString().ToLowerInvariant(), hold.Since,
            hold.Reservation, hold.ExpiresAt))]);
}
