using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>The hosts of sites: what they are, what is on them, and what administrators order of them.</summary>
internal static class HostRoutes
{
    public static void MapHosts(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/hosts", ListAll).WithName("ListHosts").Produces<HostDocument[]>().OpenTo(Role.SiteAdmin, Role.Auditor)
            .WithDescription("The hosts of the sites that the caller administrates, by site and name; those of sites that are offline are left out.");
        v1.MapGet("/sites/{site}/hosts", List).WithName("ListHostsOfSite").Produces<HostDocument[]>().ProducesProblem(404).ProducesProblem(503).OpenTo(Role.SiteAdmin, Role.Auditor);
        v1.MapGet("/sites/{site}/hosts/{host}", Get).WithName("GetHost").Produces<HostDocument>().ProducesProblem(404).ProducesProblem(503).OpenTo(Role.SiteAdmin, Role.Auditor);
        Order(v1, "cordon", "CordonHost", (site, host) => site.CordonHost(host), "Lets no VM come; those that are there stay.");
        Order(v1, "uncordon", "UncordonHost", (site, host) => site.UncordonHost(host), "Lets VMs come again: takes back what was ordered, a fence too.");
        Order(v1, "drain", "DrainHost", (site, host) => site.DrainHost(host),
            "Lets no VM come and has those that are there leave, by a plan of each application: to other hosts of the site, else to other sites. Goes on until 'uncordon'.");
        Order(v1, "fence", "FenceHost", (site, host) => site.FenceHost(host),
            "Says that nothing runs there: its VMs are given up, and start anew elsewhere where their application allows restarts. Refused while its agent is heard of.");
    }

    private static void Order(IEndpointRouteBuilder v1, string verb, string name, Func<ISiteGrain, string, Task<HostChange>> order, string description) =>
        v1.MapPost($"/sites/{{site}}/hosts/{{host}}/{verb}", (string site, string host, IGrainFactory grains) =>
                At(site, grains, async known => Answer(site, await order(known, host))))
            .WithName(name).Produces<HostDocument>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(503).OpenToItsSite()
            .WithDescription($"{description} Ordered again, nothing changes.");

    private static async Task<HostDocument[]> ListAll(IGrainFactory grains) =>
        [.. (await grains.Overview().Hosts()).SelectMany(site => site.Hosts.Select(host => DocumentOf(site.Site, host)))];

    private static Task<IResult> List(string site, IGrainFactory grains) => At(site, grains, async known =>
        Results.Ok((await known.Hosts()).Select(host => DocumentOf(new(site), host)).ToArray()));

    private static Task<IResult> Get(string site, string host, IGrainFactory grains) => At(site, grains, async known =>
        (await known.Hosts()).FirstOrDefault(status => status.Host.Name == host) is { } found
            ? Results.Ok(DocumentOf(new(site), found))
            : Problems.NotFound($"host of site '{site}'", host, Advice.Hosts));

    // Only what the directory has is asked: any text can stand in an address.
    private static async Task<IResult> At(string site, IGrainFactory grains, Func<ISiteGrain, Task<IResult>> ask) =>
        await grains.Overview().Site(new(site)) is null ? Problems.NotFound("site", site, Advice.Sites) : await ask(grains.Site(new(site)));

    private static IResult Answer(string site, HostChange change) => change switch
    {
        { Refused: { Code: RefusalCode.HostUnknown } unknown } => Problems.NotFound($"host of site '{site}'", unknown.Arguments.Host!, Advice.Hosts),
        { Refused: { } refusal } => Problems.Conflict(refusal),
        _ => Results.Ok(DocumentOf(new(site), change.Host!)),
    };

    private static HostDocument DocumentOf(SiteId site, HostStatus status)
    {
        var (host, hypervisor) = (status.Host, status.Host.Facts.Hypervisor);
        return new(
            site.Value,
            host.Name,
            host.State.ToString().ToLowerInvariant(),
            host.HeardAt,
            AmountsOf(host.Size),
            AmountsOf(status.Used),
            [.. status.Places.Select(place => VmOf(host.Name, place, status.Lost.Contains(place.Vm)))],
            new(
                hypervisor.Driver, hypervisor.Version, hypervisor.IsEmulated, [.. hypervisor.Architectures], [.. hypervisor.CpuModels], [.. hypervisor.Machines],
                hypervisor.MovesLive, hypervisor.HoldsAtSwitch, hypervisor.MovesDisks, [.. hypervisor.Remarks]),
            host.Facts.Agent)
        {
            LostSince = host.LostSince,
            OrderedBy = host.Mark?.By,
            OrderedAt = host.Mark?.At,
            Plans = [.. status.Plans.Select(plan => new HostDrainDocument(plan.Plan.Application.Name, plan.Plan.Local, plan.AskedAt))],
        };
    }

    internal static HostAmountsDocument AmountsOf(HostUse use) => new(use.Vcpus, use.MemoryBytes, use.DiskBytes);

    private static HostVmDocument VmOf(string host, Allocation place, bool isLost)
    {
        var arrives = place.Host != host;
        var state = isLost ? "lost" : arrives ? "arriving" : place.State.ToString().ToLowerInvariant();
        return new(place.Vm.Application.Name, place.Vm.Vm.Value, place.Offer, state, arrives ? place.Host : place.Next?.Host);
    }
}
