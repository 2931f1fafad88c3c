using System.Collections.Immutable;
using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>Machines of users on the networks of applications: who lets them in, and what their agents tell.</summary>
internal static class ClientRoutes
{
    public static void MapClients(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/applications/{app}/network/clients/{client}", Admit).WithName("JoinNetwork").Produces<ClientTokenDocument>(201).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409)
            .OpenTo(Role.Tenant).WithDescription("Lets a machine of a user into an application's network: gives it addresses (addresses=10.42.0.9,10.42.0.64-10.42.0.71; left out: one) and makes a token for its agent, shown once.");
        v1.MapDelete("/applications/{app}/network/clients/{client}", Dismiss).WithName("LeaveNetwork").Produces(204).ProducesProblem(404)
            .OpenTo(Role.Tenant).WithDescription("Takes a machine of a user off an application's network; its agent's token ends.");
        v1.MapPost("/clients/self", Attach).WithName("AttachClient").Produces<ClientPost>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(409)
            .OpenTo(Role.Host).WithMetadata(new SafeToRepeat("send the newest report: each tells all"))
            .WithDescription("How the client is reached whose agent's token is sent; answers with what it is. News of its network and of relays it asks for as a host does.");
    }

    private static async Task<IResult> Admit(string client, string? addresses, IGrainFactory grains, HttpContext context)
    {
        if (SegmentClients.FaultOf(client) is { } fault)
        {
            return Problems.Bad(fault);
        }

        if (Wished(addresses, out var wished) is { } wrong)
        {
            return Problems.Bad(wrong);
        }

        var application = context.Application();
        var (token, hash) = ClientTokens.New(application, client);
        var change = await grains.Segment(application).Admit(client, wished, hash);
        return change is { Client: { } made, Mac: { } mac }
            ? Results.Created(
                $"/v1/applications/{Uri.EscapeDataString(application.Name)}/network",
                new ClientTokenDocument(application.Name, client, $"{mac}", [.. made.Addresses.Select(address => $"{address}")], made.JoinedAt, token))
            : Problems.Conflict(change.Reason!);
    }

    private static async Task<IResult> Dismiss(string client, IGrainFactory grains, HttpContext context) => await grains.Segment(context.Application()).Dismiss(client)
        ? Results.NoContent()
        : Problems.NotFound($"client of the network of '{context.Application().Name}'", client, null);

    private static async Task<IResult> Attach(ClientReport report, IGrainFactory grains, HttpContext context)
    {
        if (SegmentClients.FaultOf(report) is { } fault)
        {
            return Problems.Bad(fault);
        }

        if (context.Caller().Host is not { } host || host.Site != SegmentClients.Site)
        {
            return Problems.Forbidden("this is for agents of clients: send a client's token, as 'fedctl network join' prints it");
        }

        var answer = await grains.Agent(host).Attach(report, $"{context.Connection.RemoteIpAddress}");
        return answer.Post is { } post ? Results.Ok(post)
            : answer.Refused is { } refusal ? Problems.Conflict(refusal)
            : Problems.Forbidden("the client was taken off its network");
    }

    // Null: they were read.
    private static string? Wished(string? text, out ImmutableArray<Address> addresses)
    {
        addresses = [];
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!PublicRange.TryParse(part, out var range))
            {
                return $"addresses: '{part}' is no IPv4 address and no range of them: write 10.42.0.9 or 10.42.0.64-10.42.0.71";
            }

            addresses = [.. addresses, .. range.Addresses().Take(SegmentClients.MostAddresses + 1)];
            if (addresses.Length > SegmentClients.MostAddresses)
            {
                return $"addresses: there are more than {SegmentClients.MostAddresses}, as many as a client can have";
            }
        }

        return null;
    }
}
