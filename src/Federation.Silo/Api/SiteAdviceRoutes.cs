using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Consolidation;
using Federation.Domain.Refusals;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>Which hosts of a site could be emptied, and the plans that ask for it.</summary>
internal static class SiteAdviceRoutes
{
    public static void MapSiteAdvice(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/sites/{site}/advice", (string site, bool? within, IGrainFactory grains) => Answer(site, grains, known => known.Advise(within ?? false)))
            .WithName("GetSiteAdvice").Produces<SiteAdviceDocument>().ProducesProblem(404).ProducesProblem(503).OpenTo(Role.SiteAdmin, Role.Auditor)
            .WithDescription("Which hosts could be emptied, and how, within what the owners of the VMs allow; within=true leaves all VMs at the site. Changes nothing.");
        v1.MapPost("/sites/{site}/advice", (string site, bool? within, IGrainFactory grains) => Answer(site, grains, known => known.ProposeAdvice(within ?? false)))
            .WithName("ProposeSiteAdvice").Produces<SiteAdviceDocument>().ProducesProblem(404).ProducesProblem(503).OpenToItsSite()
            .WithDescription("The same, and asks for a plan of each application of which something would move; its owner decides about it.");
    }

    // Only what the directory has is asked: any text can stand in an address.
    private static async Task<IResult> Answer(string site, IGrainFactory grains, Func<ISiteGrain, Task<SiteAdvice?>> ask) =>
        await grains.Overview().Site(new(site)) is not null && await ask(grains.Site(new(site))) is { } advice
            ? Results.Ok(DocumentOf(advice))
            : Problems.NotFound("site", site, Advice.Sites);

    private static SiteAdviceDocument DocumentOf(SiteAdvice advice) => new(
        advice.Site.Value, advice.InUse, advice.Bound, advice.IsProven, [.. advice.Emptied], advice.WattsSaved, [.. advice.Moves.Select(MoveOf)],
        [.. advice.Held.Select(held => new HeldHostDocument(
            held.Host, held.State.ToString().ToLowerInvariant(),
            [.. held.Why.Select(why => new HeldHostDocument.Vm(why.Vm.Application.Name, why.Vm.Vm.Value, RefusalText.Of(why.Refusal), why.Refusal.Code))]))],
        [.. advice.Plans.Select(plan => plan.Local)],
        [.. advice.NotProposed.Select(not => new NotProposedDocument(not.Application.Name, RefusalText.Of(not.Refusal), not.Refusal.Code))]);

    private static AdvisedMoveDocument MoveOf(AdvisedMove move) => new(
        move.Vm.Application.Name, move.Vm.Vm.Value, move.From, move.To, move.At?.Site.Value, move.At?.Offer, move.Estimate.IsCold, move.Estimate.Bytes,
        move.Estimate.DurationSeconds, move.Estimate.DowntimeSeconds);
}
