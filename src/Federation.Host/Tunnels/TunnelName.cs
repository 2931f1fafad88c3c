using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Federation.Domain.Access;
using Federation.Domain.Networks;

namespace Federation.Host.Tunnels;

/// <summary>Which of a host's tunnels it is.</summary>
/// <param name="Use">What it is for.</param>
/// <param name="Generation">The generation of its keys.</param>
/// <param name="Relay">The relay that it leads to; null: none.</param>
internal readonly record struct TunnelName(TunnelUse Use, int Generation, VtepId? Relay = null);

/// <summary>What a tunnel is for.</summary>
internal enum TunnelUse
{
    /// <summary>To other hosts, each directly.</summary>
    Direct,

    /// <summary>To a relay, and by it to all other hosts.</summary>
    ToRelay,

    /// <summary>A relay's, to all hosts.</summary>
    Relaying,
}

/// <summary>The devices of a host's tunnels: 15 characters at most, as the kernel takes them.</summary>
/// <param name="host">The host: devices of several agents on one machine have names of their own, for wireguard-go knows no namespaces.</param>
internal sealed class TunnelNames(HostPost host)
{
    /// <summary>What the names of all begin with.</summary>
    public string Prefix { get; } = $"fw{Hash(host.ToString())[..8]}";

    /// <summary>What the names of those to relays begin with.</summary>
    public string ToRelays => $"{Prefix}r";

    /// <summary>What the names of a relay's begin with.</summary>
    public string Relaying => $"{Prefix}s";

    /// <summary>A tunnel's device.</summary>
    /// <remarks>Two relays of a million may get the same one: then the first works, and the other is taken for silent.</remarks>
    public string Of(TunnelName tunnel) => tunnel.Use switch
    {
        TunnelUse.Direct => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{tunnel.Generation % 100_000:x}"),
        TunnelUse.ToRelay => ToRelays + Short($"{tunnel.Relay}#{tunnel.Generation}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Relaying}{tunnel.Generation % 65_536:x}"),
    };

    private static string Short(string text)
    {
        const string Letters = "abcdefghijklmnopqrstuvwxyz234567";
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return string.Concat(bytes[..4].Select(each => Letters[each % 32]));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
