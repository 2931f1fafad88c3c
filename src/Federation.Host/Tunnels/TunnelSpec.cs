using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Identity;

namespace Federation.Host.Tunnels;

/// <summary>What a tunnel is to be like. Holds a collection: compared by reference.</summary>
/// <param name="Name">Which it is.</param>
/// <param name="PrivateKey">Its private key.</param>
/// <param name="Port">Where it receives; null: where the system likes, for nobody begins to send there.</param>
/// <param name="Peers">The other ends that it knows, by public key.</param>
internal sealed record TunnelSpec(TunnelName Name, string PrivateKey, int? Port, ImmutableSortedDictionary<string, TunnelTarget> Peers);

/// <summary>Another end, as a tunnel is told of it.</summary>
/// <param name="Address">Its host's address on the network below.</param>
/// <param name="Port">Its UDP port; null: it comes from wherever it is.</param>
internal readonly record struct TunnelTarget(Address Address, int? Port)
{
    /// <summary>Whether it passes on what others send; otherwise it may send only what comes from its own address.</summary>
    public bool PassesOn { get; init; }

    /// <summary>How often something is sent to it at least, seconds; 0: only what there is to send.</summary>
    public int KeepAlive { get; init; }

    private bool IsIPv6 => Address.Kind == AddressKind.IPv6;

    /// <summary>As WireGuard writes it: <c>10.0.0.2:51820</c>, <c>[fd00::2]:51820</c>; null: it is not known.</summary>
    public string? Endpoint => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{(IsIPv6 ? $"[{Address}]" : Address)}:{port}") : null;

    /// <summary>As WireGuard writes what it may send: <c>10.0.0.2/32</c>.</summary>
    public string Allowed => PassesOn ? IsIPv6 ? "::/0" : "0.0.0.0/0" : $"{Address}/{(IsIPv6 ? 128 : 32)}";

    /// <summary>The lines of a file of WireGuard's.</summary>
    public string Lines(string key) => string.Create(
        CultureInfo.InvariantCulture, $"[Peer]\nPublicKey = {key}\n{(Endpoint is { } endpoint ? $"Endpoint = {endpoint}\n" : "")}AllowedIPs = {Allowed}\nPersistentKeepalive = {KeepAlive}\n");
}
