using Federation.Api;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>Networks of applications, for people.</summary>
internal static class NetworkPages
{
    /// <summary>Its interfaces, the hosts that have not acknowledged where they are, and how frames go between hosts.</summary>
    public static Page Describe(NetworkDocument network)
    {
        if (network.Number is not { } number)
        {
            return new Page().Line($"{network.Application} has no network: none of its VMs is at a host of the overlay. Its VMs are on the bridges of their hosts");
        }

        var page = new Page()
            .Line($"Network {number} of {network.Application}: packets of up to {network.Mtu} bytes, addresses of {network.Subnet} for VMs that name none, revision {network.Revision}")
            .Add(new Sheet("VM", ">NIC", "MAC", "ADDRESSES", "HOST", "MOVE").Rows(network.Interfaces, nic =>
                [nic.Vm, $"{nic.Nic}", nic.Mac, string.Join(",", nic.Addresses), nic.Host, MoveOf(nic)]));
        if (network.Gateway is { } gateway)
        {
            page.Heading($"From outside, through gateway {gateway.Active} ({(gateway.Standbys.Length == 0 ? "no other would take over" : $"would take over: {string.Join(", ", gateway.Standbys)}")}); VMs' router is {gateway.Router}")
                .Add(new Sheet("PUBLIC", "VM").Rows(gateway.Publics, one => [one.Address, one.Vm]));
        }

        if (network.Clients.Length > 0)
        {
            page.Heading("Machines of users on it")
                .Add(new Sheet("CLIENT", "ADDRESSES", "MAC", "STATE", "HEARD", "FROM", "RELAYS").Rows(network.Clients, client =>
                    [client.Client, string.Join(",", client.Addresses), client.Mac, StateOf(client), Cells.Instant(client.HeardAt), client.From ?? "", string.Join(",", client.Relays)]));
            foreach (var refused in network.Clients.Select(client => client.Refused).OfType<string>())
            {
                page.Line(refused);
            }
        }

        foreach (var reason in network.Unreached)
        {
            page.Line(reason);
        }

        var behind = network.Hosts.Where(host => host.BehindSince is not null).ToList();
        if (behind.Count > 0)
        {
            page.Heading("Hosts that have not acknowledged it ('fedctl host list' tells whether their agents are heard of)")
                .Add(new Sheet("HOST", "ADDRESS", ">HAS", ">DUE", "SINCE").Rows(behind, host =>
                    [host.Host, host.Address, host.Acknowledged == 0 ? "" : $"{host.Acknowledged}", $"{host.Due}", Cells.Instant(host.BehindSince)]));
        }

        if (network.Paths.Length > 0)
        {
            page.Heading("Paths of frames that are encrypted")
                .Add(new Sheet("FROM", "TO", "PATH", ">MBIT/S", "SINCE", "WHY").Rows(network.Paths, path =>
                    [path.From, path.To, path.Relay is { } relay ? $"by {relay}" : path.Path, path.BytesPerSecond is { } rate ? Cells.Number(rate * 8 / 1e6) : "", Cells.Instant(path.Since), path.Reason]));
        }

        return network.Leaving.Length == 0 ? page : page.Line($"Left, and not yet said to have nothing of it: {Cells.Some(network.Leaving)}");
    }

    private static string StateOf(NetworkClientDocument client) =>
        client.IsThere ? "there" : client.Refused is not null ? "refused" : client.HeardAt is null ? "not heard of" : "away";

    private static string MoveOf(NetworkInterfaceDocument nic) => nic switch
    {
        { Next: { } next } => $"goes to {next}",
        { SendingOn.Length: > 0 } => $"sent on by {string.Join(",", nic.SendingOn)}",
        _ => "",
    };
}
