using System.Collections.Immutable;
using Federation.Domain.Hosts;

namespace Federation.Host.Networks;

/// <summary>Sets up segments on a host. For one thread.</summary>
/// <exception cref="DriverException">Of every call: the kernel or one of the programs cannot, and why.</exception>
internal interface ISegmentPlumber
{
    /// <summary>The host's end of the overlay.</summary>
    Task<HostNetwork> Describe(CancellationToken cancel);

    /// <summary>Gets ready, and tells which segments there are of an earlier run.</summary>
    Task<ImmutableArray<FoundSegment>> Begin(CancellationToken cancel);

    /// <summary>Makes a segment's devices, or makes them right.</summary>
    /// <param name="vni">The segment's number.</param>
    /// <param name="mtu">Its longest packet, bytes.</param>
    /// <param name="application">Whose it is: told by <see cref="Begin"/> after a restart.</param>
    /// <param name="cancel">Gives up.</param>
    Task Make(int vni, int mtu, string application, CancellationToken cancel);

    /// <summary>Has rules in force; where they are already, nothing is done.</summary>
    Task Apply(int vni, SegmentRules rules, CancellationToken cancel);

    /// <summary>Each of these taps has its share of what the host can send, where the host's settings say how much that is.</summary>
    Task Share(IReadOnlyCollection<string> taps, CancellationToken cancel);

    /// <summary>Something else may have changed a segment's devices: they are looked at before the next change.</summary>
    void Doubt(int vni);

    /// <summary>Takes a segment's devices away; not there, nothing happens.</summary>
    Task Remove(int vni, CancellationToken cancel);
}

/// <summary>A segment of which a host has devices.</summary>
/// <param name="Vni">Its number.</param>
/// <param name="Application">Its application's key.</param>
internal sealed record FoundSegment(int Vni, string Application);
