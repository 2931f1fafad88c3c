using System.Collections.Immutable;
using System.Globalization;

namespace Federation.Host.Tunnels;

/// <summary>A device as <c>wg show DEVICE dump</c> tells of it. Holds a collection: compared by reference.</summary>
/// <param name="PrivateKey">Its private key; <c>(none)</c>: it was told none.</param>
/// <param name="Port">Where it receives.</param>
/// <param name="Peers">The other ends that it knows, by public key.</param>
internal sealed record TunnelDevice(string PrivateKey, int Port, ImmutableDictionary<string, TunnelDevice.Peer> Peers)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is of another form.</exception>
    public static TunnelDevice Read(string printed)
    {
        var lines = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToList();
        return new(lines[0][0], int.Parse(lines[0][2], CultureInfo.InvariantCulture), lines.Skip(1).ToImmutableDictionary(
            words => words[0], words => new Peer(words[2], words[3], HandshakeOf(words[4]))));
    }

    /// <summary>Whether it is one of the host's own ends.</summary>
    public bool Is(OwnEnd end) => PrivateKey == end.PrivateKey && Port == end.Port;

    /// <summary>Whether it knows another end just so.</summary>
    public bool Has(string key, TunnelTarget target) => Peers.TryGetValue(key, out var peer) && peer.Endpoint == target.Endpoint && peer.Allowed == target.Allowed;

    private static DateTimeOffset? HandshakeOf(string seconds) => long.Parse(seconds, CultureInfo.InvariantCulture) is > 0 and var at ? DateTimeOffset.FromUnixTimeSeconds(at) : null;

    /// <summary>Another end.</summary>
    /// <param name="Endpoint">Where it is reached.</param>
    /// <param name="Allowed">What it may send, with commas.</param>
    /// <param name="Handshake">When the two last exchanged one; null: never.</param>
    internal sealed record Peer(string Endpoint, string Allowed, DateTimeOffset? Handshake);
}
