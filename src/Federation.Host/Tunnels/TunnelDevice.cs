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
            words => words[0], words => new Peer(words[2], words[3], HandshakeOf(words[4]), long.Parse(words[5], CultureInfo.InvariantCulture), KeepAliveOf(words[7]))));
    }

    /// <summary>Whether it has the keys and the port of one.</summary>
    public bool Is(TunnelSpec spec) => PrivateKey == spec.PrivateKey && (spec.Port is null || Port == spec.Port);

    /// <summary>Whether it knows another end just so. One that has been heard of is where it was heard from last.</summary>
    public bool Has(string key, TunnelTarget target) => Peers.TryGetValue(key, out var peer) && peer.Allowed == target.Allowed
        && (target.Endpoint is null || peer.Endpoint == target.Endpoint || peer.Handshake is not null);

    private static DateTimeOffset? HandshakeOf(string seconds) => long.Parse(seconds, CultureInfo.InvariantCulture) is > 0 and var at ? DateTimeOffset.FromUnixTimeSeconds(at) : null;

    private static int KeepAliveOf(string word) => word == "off" ? 0 : int.Parse(word, CultureInfo.InvariantCulture);

    /// <summary>Another end.</summary>
    /// <param name="Endpoint">Where it is reached.</param>
    /// <param name="Allowed">What it may send, with commas.</param>
    /// <param name="Handshake">When the two last exchanged one; null: never.</param>
    /// <param name="Received">What has come from it, bytes.</param>
    /// <param name="KeepAlive">How often something is sent to it at least, seconds; 0: only what there is to send.</param>
    internal sealed record Peer(string Endpoint, string Allowed, DateTimeOffset? Handshake, long Received, int KeepAlive);
}
