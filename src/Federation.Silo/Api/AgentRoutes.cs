using Federation.Api;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Hosts;
using Federation.Domain.Networks;
using Federation.Grains.Access;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>Hosts' agents: who may speak for which host, what they report, and the orders that wait for them.</summary>
internal static class AgentRoutes
{
    private const double LongestWaitSeconds = 20;

    // A mailbox leaves its silo, as it does when another silo stops, only once nobody waits at it, and takes no reports until then.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    public static void MapAgents(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/sites/{site}/hosts/{host}/token", Register).WithName("RegisterHost").Produces<HostTokenDocument>(201).ProducesProblem(400).ProducesProblem(404)
            .OpenToItsSite().WithDescription("Makes a token for the agent of one host, shown once. A token that it had before is worth nothing any more.");
        v1.MapDelete("/sites/{site}/hosts/{host}", Remove).WithName("RemoveHost").Produces(204).ProducesProblem(404).ProducesProblem(409)
            .OpenToItsSite().WithDescription("Takes a host off its site and forgets its agent's token. Refused while VMs have places there.");
        v1.MapPost("/hosts/self/report", Report).WithName("ReportHost").Produces(204).ProducesProblem(400).ProducesProblem(403)
            .OpenTo(Role.Host).TakesBodiesOf(Limits.Files.OtherBytes).WithMetadata(new SafeToRepeat("send the newest report: each tells all"))
            .WithDescription("What the host is whose agent's token is sent, which copies of VMs are there, and what became of orders.");
        v1.MapGet("/hosts/self/orders", Orders).WithName("ListOrdersOfHost").Produces<HostOrders>().ProducesProblem(400).ProducesProblem(403)
            .OpenTo(Role.Host).WithDescription("The orders that wait for the host whose agent's token is sent; none: waits for one as long as wait= says.");
        v1.MapPost("/hosts/self/segments", Segments).WithName("ListSegmentsOfHost").Produces<SegmentsNews>().ProducesProblem(400).ProducesProblem(403)
            .OpenTo(Role.Host).TakesBodiesOf(Limits.Files.OtherBytes).WithMetadata(new SafeToRepeat("ask again with what the host has: what is new is told until it has it"), new MayWait())
            .WithDescription("News of the networks that the host is of whose agent's token is sent; none: waits for some. The revisions that are sent are acknowledged by that.");
        v1.MapPost("/hosts/self/relays", Relays).WithName("ListRelaysOfHost").Produces<RelayAnswer>().ProducesProblem(400).ProducesProblem(403)
            .OpenTo(Role.Host).TakesBodiesOf(Limits.Files.OtherBytes).WithMetadata(new SafeToRepeat("ask again: the answer is the same while nothing has changed"), new MayWait())
            .WithDescription("Tells how frames go from the host to others whose agent's token is sent, and which relays it hears; answers with the relays that there are, once they are others than the stamp says.");
        v1.MapPost("/hosts/self/renewal", Renew).WithName("RenewGateway").Produces(204).ProducesProblem(403)
            .OpenTo(Role.Host).WithMetadata(new SafeToRepeat("ask again: the lease is the longer one"))
            .WithDescription("The gateway whose agent's token is sent holds its public addresses for 6 s from before it asked. One that does not ask loses them to another gateway.");
    }

    private static async Task<IResult> Register(string site, string host, IGrainFactory grains)
    {
        if (HostPost.FaultOf(host) is { } fault)
        {
            return Problems.Bad(fault);
        }

        if (await grains.Site(new(site)).Get() is null)
        {
            return Problems.NotFound("site", site, Advice.Sites);
        }

        var post = new HostPost(new(site), host);
        var (token, hash) = HostTokens.New(post);
        var change = await grains.Agents().Register(post, hash);
        return change.Agent is { } agent
            ? Results.Created($"/v1/sites/{Uri.EscapeDataString(site)}/hosts/{Uri.EscapeDataString(host)}", new HostTokenDocument(site, host, agent.CreatedAt, token))
            : Problems.Conflict(change.Refused!);
    }

    private static async Task<IResult> Remove(string site, string host, IGrainFactory grains)
    {
        var post = new HostPost(new(site), host);
        if (await grains.Overview().Site(post.Site) is null)
        {
            // Of a site that has left, a token may be left.
            return await grains.Agents().Remove(post) ? Results.NoContent() : Problems.NotFound("site", site, Advice.Sites);
        }

        var (isThere, verdict) = await CallOrigin.AsService(async () =>
            (await grains.Site(post.Site).HostState(host) is not null, await grains.Site(post.Site).RemoveHost(host)));
        if (verdict.Refusal is { } refusal)
        {
            return Problems.Conflict(refusal);
        }

        // The change is the caller's, and in the audit log as such.
        return await grains.Agents().Remove(post) || isThere ? Results.NoContent() : Problems.NotFound($"host of site '{site}'", host, Advice.Hosts);
    }

    private static async Task<IResult> Report(HostReport report, IGrainFactory grains, HttpContext context)
    {
        if (HostReportCheck.FaultOf(report) is { } fault)
        {
            return Problems.Bad(fault);
        }

        if (HostOf(context) is not { } host)
        {
            return NoHost();
        }

        if (report.Facts.Network is { } network && SegmentClients.IsBelow(network.Address))
        {
            return Problems.Bad($"facts.network: {network.Address} is of {SegmentClients.RangeOf(network.Address.Kind)}, which is for clients of networks: no host can have it");
        }

        await grains.Agent(host).Report(report);
        return Results.NoContent();
    }

    private static async Task<IResult> Orders(Guid? mailbox, long? after, double? wait, IGrainFactory grains, TimeProvider clock, HttpContext context)
    {
        if (Bounds.FaultOf("wait", wait, 0, LongestWaitSeconds) is { } fault)
        {
            return Problems.Bad(fault);
        }

        return HostOf(context) is { } host
            ? Results.Ok(await InSlices(
                wait ?? 0, slice => grains.Agent(host).Orders(mailbox ?? default, after ?? 0, slice), some => some.Orders.Length > 0 || some.Mailbox != mailbox, clock, context.RequestAborted))
            : NoHost();
    }

    private static async Task<IResult> Segments(SegmentsKnown known, IGrainFactory grains, TimeProvider clock, HttpContext context)
    {
        if (SegmentsCheck.FaultOf(known) is { } fault)
        {
            return Problems.Bad(fault);
        }

        return context.Caller().Host is { } host
            ? Results.Ok(await InSlices(
                known.WaitSeconds, slice => grains.Agent(host).Segments(known with { WaitSeconds = slice.TotalSeconds }), some => some.Updates.Length > 0, clock, context.RequestAborted))
            : NoHost();
    }

    private static async Task<IResult> Relays(RelayQuestion question, IGrainFactory grains, TimeProvider clock, HttpContext context)
    {
        if (RelaysCheck.FaultOf(question) is { } fault)
        {
            return Problems.Bad(fault);
        }

        return context.Caller().Host is { } host
            ? Results.Ok(await InSlices(
                question.WaitSeconds, slice => grains.Agent(host).Relays(question with { WaitSeconds = slice.TotalSeconds }), some => some.News is not null, clock, context.RequestAborted))
            : NoHost();
    }

    private static async Task<IResult> Renew(IGrainFactory grains, HttpContext context)
    {
        if (HostOf(context) is not { } host)
        {
            return NoHost();
        }

        await grains.Agent(host).Renew();
        return Results.NoContent();
    }

    private static async Task<T> InSlices<T>(double seconds, Func<TimeSpan, Task<T>> ask, Func<T, bool> isSome, TimeProvider clock, CancellationToken cancel)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            var left = TimeSpan.FromSeconds(seconds) - clock.GetElapsedTime(begun);
            var answer = await ask(left < Slice ? left : Slice).WaitAsync(cancel);
            if (isSome(answer) || left <= Slice)
            {
                return answer;
            }
        }
    }

    // A client asks for segments and relays as a host does, and for nothing else.
    private static HostPost? HostOf(HttpContext context) => context.Caller().Host is { } host && host.Site != SegmentClients.Site ? host : null;

    private static IResult NoHost() => Problems.Forbidden("this is for hosts' agents: send an agent's token, nobody else has a host");
}
