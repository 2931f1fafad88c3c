using System.Collections.Immutable;
using Federation.Domain.Hosts;

namespace Federation.Host.Tunnels;

/// <summary>Sets up a host's tunnels. For one thread.</summary>
/// <exception cref="DriverException">Of every call: the kernel or one of the programs cannot, and why.</exception>
internal interface ITunnelDevices
{
    /// <summary>Makes a pair of keys.</summary>
    Task<(string PrivateKey, string PublicKey)> MakeKeys(CancellationToken cancel);

    /// <summary>Has an end receive, and know the other hosts' ends; what is right already is not touched, and no session of an end that stays is lost.</summary>
    Task Make(OwnEnd end, ImmutableSortedDictionary<string, TunnelTarget> peers, CancellationToken cancel);

    /// <summary>The other hosts' ends with which an end has exchanged a handshake, by their public keys; none where it does not receive.</summary>
    Task<ImmutableHashSet<string>> Met(int generation, CancellationToken cancel);

    /// <summary>Has the frames of segments go by the tunnels, or not at all, and takes no others from guarded addresses; to and from all other addresses they go as they are.</summary>
    Task Lead(TunnelPlan plan, CancellationToken cancel);

    /// <summary>Takes an end away; not there, nothing happens.</summary>
    Task Remove(int generation, CancellationToken cancel);
}
