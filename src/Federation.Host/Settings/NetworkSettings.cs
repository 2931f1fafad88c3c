using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Host.Settings;

/// <summary>How the networks of a host's VMs reach other hosts. Holds a list: compared by reference.</summary>
public sealed record NetworkSettings
{
    /// <summary>This host's address on the network below: other hosts send there.</summary>
    public required Address Address { get; init; }

    /// <summary>The longest packet on the network below, bytes; null: that of the interface that has the address.</summary>
    public int? Mtu { get; init; }

    /// <summary>What this host can send to others, bytes a second: shared evenly among its VMs; null: the first that sends is the first that is sent.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>The UDP port of VXLAN, the same on all hosts. Default 4789.</summary>
    public int Port { get; init; } = 4789;

    /// <summary>The first of two UDP ports at which encrypted frames of other sites' hosts are received. Default 51820.</summary>
    public int TunnelPort { get; init; } = 51_820;

    /// <summary>How long keys are used for that. Default a day.</summary>
    public TimeSpan KeyLifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Whether it passes on what other hosts send to each other. Default no.</summary>
    public bool IsRelay { get; init; }

    /// <summary>The first of two UDP ports at which a relay receives. Default 51822.</summary>
    public int RelayPort { get; init; } = 51_822;

    /// <summary>From which traffic with another host on a star link frames go there directly, both directions, bytes a second. Default 1 Mbit/s.</summary>
    public double DirectAbove { get; init; } = 125_000;

    /// <summary>Over which that is counted. Default 30 s.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What this host owns as a gateway; null: it is none.</summary>
    public GatewaySettings? Gateway { get; init; }

    /// <summary>What is put before each program that sets up networks, as <c>ip netns exec h1</c>. Default nothing.</summary>
    public ImmutableArray<string> Launcher { get; init; } = [];
}

/// <summary>What a host is as a gateway. Holds a list: compared by reference.</summary>
/// <param name="Interface">Its interface to the network outside.</param>
/// <param name="Addresses">The public addresses that it owns there, by itself or with other gateways of its site; at least one.</param>
public sealed record GatewaySettings(string Interface, ImmutableArray<PublicRange> Addresses);
