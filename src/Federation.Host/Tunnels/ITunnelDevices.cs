using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Host.Tunnels;

/// <summary>Sets up a host's tunnels. For one thread.</summary>
/// <exception cref="DriverException">Of every call: the kernel or one of the programs cannot, and why.</exception>
internal interface ITunnelDevices
{
    /// <summary>Makes a pair of keys.</summary>
    Task<(string PrivateKey, string PublicKey)> MakeKeys(CancellationToken cancel);

    /// <summary>How a tunnel is; null: it is not there, or receives nothing.</summary>
    Task<TunnelDevice?> Read(TunnelName tunnel, CancellationToken cancel);

    /// <summary>Has a tunnel receive, and know the other ends; what is right already is not touched, and no session of an end that stays is lost.</summary>
    /// <param name="spec">What it is to be like.</param>
    /// <param name="seen">How it is, as was just read.</param>
    /// <param name="cancel">Gives up.</param>
    Task Make(TunnelSpec spec, TunnelDevice? seen, CancellationToken cancel);

    /// <summary>Begins the session with another end anew.</summary>
    Task BeginAnew(TunnelName tunnel, string key, TunnelTarget target, CancellationToken cancel);

    /// <summary>Takes a tunnel away; not there, nothing happens.</summary>
    Task Remove(TunnelName tunnel, CancellationToken cancel);

    /// <summary>By which device the frames of segments go to an address, <c>blackhole</c>: not at all; one that is missing: as they are.</summary>
    Task<ImmutableSortedDictionary<Address, string>> Ways(CancellationToken cancel);

    /// <summary>The name of a tunnel's device, as <see cref="Ways"/> gives it.</summary>
    string NameOf(TunnelName tunnel);

    /// <summary>Has the frames of segments go by the tunnels, or not at all, and takes no others from guarded addresses; to and from all other addresses they go as they are.</summary>
    Task Lead(TunnelPlan plan, CancellationToken cancel);

    /// <summary>Passes on the frames of segments from host to host, and nothing else, by the tunnels that are there.</summary>
    /// <param name="tunnels">The relay's tunnels.</param>
    /// <param name="ways">By which of them a host is reached.</param>
    /// <param name="cancel">Gives up.</param>
    Task PassOn(IReadOnlyCollection<TunnelName> tunnels, ImmutableSortedDictionary<Address, TunnelName> ways, CancellationToken cancel);

    /// <summary>What has gone to and come from each address by tunnels, bytes; counted from some time on, and from 0 again after a long silence.</summary>
    Task<ImmutableSortedDictionary<Address, long>> Traffic(CancellationToken cancel);
}
