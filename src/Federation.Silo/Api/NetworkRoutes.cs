using System.Text.Json;
using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Refusals;
using Federation.Silo.Access;

namespace Federation.Silo.Api;

/// <summary>The networks of applications.</summary>
internal static class NetworkRoutes
{
    public static void MapNetworks(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/applications/{app}/network", Get).WithName("GetNetwork").Produces<NetworkDocument>().ProducesProblem(404).OpenTo(Role.Tenant, Role.Auditor)
            .WithDescription("Where each interface of an application's VMs is, where moves take them, and which hosts have not acknowledged it yet.");

    private static async Task<IResult> Get(IGrainFactory grains, HttpContext context)
    {
        var segment = grains.Segment(context.Application());
        return Results.Ok(DocumentOf(context.Application(), await segment.Get()) with { Paths = [.. (await segment.Paths()).Select(DocumentOf)] });
    }

    private static NetworkDocument DocumentOf(AppId application, SegmentStatus? status) => status is null
        ? new(application.Name, null, 0, null, 0, [], [], [])
        : new(
            application.Name,
            status.Segment.Vni,
            status.Segment.Mtu,
            status.Segment.Subnet.ToString(),
            status.Segment.Revision,
            [.. status.Segment.Entries.Values.Where(entry => entry.Port.Vm.Vm != SegmentGateway.RouterName && !SegmentClients.IsPort(entry.Port)).Select(DocumentOf)],
            [.. status.Hosts.Select(host => new NetworkHostDocument($"{host.Host}", $"{host.Network.Address}", host.Network.Mtu, host.Acknowledged, host.Due, host.BehindSince))],
            [.. status.Leaving.Select(host => $"{host}")])
        {
            Gateway = status.Segment.Gateway is { } gateway ? DocumentOf(gateway) : null,
            Unreached = [.. status.Unreached.Select(RefusalText.Of)],
            Clients = [.. status.Clients.Select(DocumentOf)],
        };

    private static NetworkGatewayDocument DocumentOf(SegmentGateway gateway) => new(
        $"{gateway.Active}", [.. gateway.Standbys.Select(host => $"{host}")], $"{gateway.Router}", [.. gateway.Publics.Select(one => new NetworkPublicDocument($"{one.Key}", one.Value.Vm.Vm.Value))]);

    private static NetworkClientDocument DocumentOf(ClientStatus client) => new(
        client.Name, $"{client.Mac}", [.. client.Client.Addresses.Select(address => $"{address}")], $"{client.Client.Below}", client.Client.JoinedAt,
        client is { Standing.IsHeard: true, Refused: null, Client.Revision: > 0 }, client.Standing.HeardAt, client.Standing.From, [.. client.Standing.Relays.Select(relay => $"{relay}")],
        client.Refused is { } refusal ? RefusalText.Of(refusal) : null);

    private static NetworkPathDocument DocumentOf(SegmentPath path) => new(
        NameOf(path.From), NameOf(path.Path.Host), JsonNamingPolicy.CamelCase.ConvertName($"{path.Path.Kind}"), path.Path.Relay is { } relay ? $"{relay}" : null,
        JsonNamingPolicy.CamelCase.ConvertName($"{path.Path.Why}"), PathTexts.Of(path.Path), path.Path.BytesPerSecond, path.Path.Since);

    // Of a client its name says enough: it is one of this network.
    private static string NameOf(VtepId host) => SegmentClients.TryParse(host, out _, out var name) ? $"client {name}" : $"{host}";

    private static NetworkInterfaceDocument DocumentOf(SegmentEntry entry) => new(
        entry.Port.Vm.Vm.Value, entry.Port.Nic, $"{entry.Mac}", [.. entry.Addresses.Select(address => $"{address}")], $"{entry.At}", entry.Next is { } next ? $"{next}" : null,
        [.. entry.Former.Select(host => $"{host}")]);
}
