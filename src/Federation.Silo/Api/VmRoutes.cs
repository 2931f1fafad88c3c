using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Grains.Access;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>What is done to single VMs: one leaves its application; on which host of its site one runs.</summary>
internal static class VmRoutes
{
    public static void MapVms(this IEndpointRouteBuilder v1)
    {
        v1.MapDelete("/applications/{app}/vms/{vm}", Delete).WithName("DeleteVm").Produces<VmRemovalDocument>().Produces<PendingDocument>(202)
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).OpenTo(Role.Tenant)
            .WithDescription("Takes the VM out of its application's description, stops it and gives its place back. Rules that name it go on for those that are left. If-Match is honoured.");
        v1.MapGet("/applications/{app}/vms/{vm}/host", GetHost).WithName("GetHostOfVm").Produces<VmHostDocument>().ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor).WithDescription("On which host of its site a VM runs, as the service was told: for its owner, and for who administrates its site.");
        v1.MapPut("/applications/{app}/vms/{vm}/host", PutHost).WithName("PutHostOfVm").Produces(204).ProducesProblem(404).ProducesProblem(409)
            .OpenTo(Role.SiteAdmin).WithDescription("Tells on which host of its site a VM runs now; after a move to another site that is not known until it is told again. Refused at a site with hosts: their agents tell.");
    }

    private static async Task<IResult> Delete(string vm, IGrainFactory grains, HttpContext context)
    {
        var application = context.Application();
        var change = await grains.Application(application).RemoveVm(new(vm), context.Request.Condition());
        if (change.Version is { } version)
        {
            context.Response.GetTypedHeaders().ETag = EntityTags.TagOf(version);
        }

        return change switch
        {
            { Refused: [{ Code: RefusalCode.VersionDiffers } differs, ..] } => Problems.PreconditionFailed(RefusalText.Of(differs)),
            { Refused: [{ Code: RefusalCode.VmUnknown }, ..] } => NoSuchVm(application, vm),
            { Refused.IsEmpty: false } => Problems.Conflict(string.Join("; ", change.Refused)),
            { IsPending: true } => Results.Accepted(
                $"/v1/applications/{application.Name}",
                new PendingDocument(application.Name, $"{vm} is in the description no more; a site or a hypervisor does not answer, so that it goes on by itself until {vm} has stopped and its place is given back")),
            _ => Results.Ok(new VmRemovalDocument(application.Name, vm, $"{change.Version}", change.Rules.IsDefault ? [] : [.. change.Rules])),
        };
    }

    private static async Task<IResult> GetHost(string vm, IGrainFactory grains, HttpContext context)
    {
        var reference = new VmRef(context.Application(), new(vm));
        return await FaultOf(reference, grains, context) is { } fault ? fault
            : Results.Ok(await CallOrigin.AsService(async () => DocumentOf(reference, await grains.Vm(reference).Status())));
    }

    private static async Task<IResult> PutHost(string vm, HostRequest request, IGrainFactory grains, HttpContext context)
    {
        var reference = new VmRef(context.Application(), new(vm));
        if (await FaultOf(reference, grains, context) is { } missing)
        {
            return missing;
        }

        if (request.Host is { } host && SensorName.FaultOfHost(host) is { } fault)
        {
            return Problems.Bad(fault);
        }

        return await grains.Vm(reference).RunsOnHost(request.Host)
            ? Results.NoContent()
            : Problems.Conflict(await CallOrigin.AsService(() => AgentsHost(reference, grains)) ?? $"{vm} runs nowhere: it is on no host until it is placed");
    }

    private static async Task<string?> AgentsHost(VmRef vm, IGrainFactory grains)
    {
        var at = (await grains.Vm(vm).Status()).At;
        return at is { } place && await grains.Site(place.Site).HostOf(vm) is { Host: var host } ? RefusalText.Of(Refusal.HostFromAgent(place.Site, host, vm)) : null;
    }

    // Whose VM it is does not matter to its site's administrator, only that it is there.
    private static async Task<IResult?> FaultOf(VmRef vm, IGrainFactory grains, HttpContext context)
    {
        if (await CallOrigin.AsService(() => grains.Application(vm.Application).Description()) is not { } application
            || !await CallOrigin.AsService(() => MaySay(context.Caller(), vm, grains)))
        {
            return context.Target().NotFound();
        }

        return application.Vms.All(spec => spec.Id != vm.Vm) ? NoSuchVm(application.Id, vm.Vm.Value) : null;
    }

    private static async Task<bool> MaySay(Caller caller, VmRef vm, IGrainFactory grains) => caller.Sees(vm.Application.Tenant)
        || ((await grains.Vm(vm).Status()).At is { } at && caller.Administrates(at.Site));

    private static IResult NoSuchVm(AppId application, string vm) =>
        Problems.NotFound($"VM of application '{application.Name}'", vm, Advice.VmsOf(application.Name));

    private static VmHostDocument DocumentOf(VmRef vm, VmStatus status) => new(vm.Application.Name, vm.Vm.Value, status.At?.Site.Value, status.Host);
}
