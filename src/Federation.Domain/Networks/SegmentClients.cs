using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>Clients: machines of users that are on the segment of one application, and are no host of a site.</summary>
/// <remarks>
/// A client is an end of tunnels like a host, and nobody trusts it. Its address below is one that the service gives and no machine has by itself: hosts hold what comes
/// from these addresses against what the client may send, and tell by the address alone that it is a client's.
/// </remarks>
public static class SegmentClients
{
    /// <summary>Clients of one segment at most.</summary>
    public const int Most = 15;

    /// <summary>Addresses of one client at most: its own, and those of the machines of a network behind it.</summary>
    public const int MostAddresses = 64;

    /// <summary>What stands for the site of every client; no site can be called so.</summary>
    public static readonly SiteId Site = new("@client");

    // Four bits of an address below tell the clients of one segment apart, the 24 before them the segments.
    private const int SlotBits = 4;

    // Of IPv4 the block that was never given to anybody (RFC 1112, section 4), of IPv6 one for use within an organisation (RFC 4193).
    private const uint Reserved = 0xF000_0000;
    private static readonly byte[] Local = [0xfd, 0x66, 0x65, 0x64, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>A client as an end of tunnels.</summary>
    public static VtepId IdOf(AppId application, string name) => new(Site, $"{application.Key}/{name}");

    /// <summary>Whose client it is, and its name there; false: it is no client.</summary>
    public static bool TryParse(VtepId id, out AppId application, [NotNullWhen(true)] out string? name)
    {
        (application, name) = id.IsClient && VmRef.TryParse(id.Host, out var client) ? (client.Application, client.Vm.Value) : (default, null);
        return name is not null && application.IsWhole;
    }

    /// <summary>A client's interface on its segment; no VM can have the name.</summary>
    public static SegmentPort PortOf(AppId application, string name) => new(new(application, new($"@client-{name}")), 0);

    /// <summary>Whether an interface is a client's.</summary>
    public static bool IsPort(SegmentPort port) => port.Vm.Vm.Value.StartsWith("@client-", StringComparison.Ordinal);

    /// <summary>The hardware address of a client's interface.</summary>
    /// <param name="vni">The segment's number.</param>
    /// <param name="slot">The client's number there, from 0 below <see cref="Most"/>.</param>
    public static Address MacOf(int vni, int slot) => Address.Mac([0x02, 0xfd, (byte)slot, (byte)(vni >> 16), (byte)(vni >> 8), (byte)vni]);

    /// <summary>A client's address on the network below; no other client of the federation has it.</summary>
    /// <param name="vni">The segment's number.</param>
    /// <param name="slot">The client's number there, from 0 below <see cref="Most"/>.</param>
    /// <param name="kind">How the segment's hosts are reached.</param>
    public static Address BelowOf(int vni, int slot, AddressKind kind)
    {
        Span<byte> octets = stackalloc byte[16];
        Local.CopyTo(octets);
        BinaryPrimitives.WriteUInt32BigEndian(octets[12..], Reserved | (uint)(vni << SlotBits) | (uint)slot);
        return kind == AddressKind.IPv6 ? Address.IPv6(octets) : Address.IPv4(octets[12..]);
    }

    /// <summary>The range of all <see cref="BelowOf"/>, as <c>240.0.0.0/4</c>.</summary>
    public static string RangeOf(AddressKind kind) => kind == AddressKind.IPv6 ? "fd66:6564::/96" : "240.0.0.0/4";

    /// <summary>Whether an address is of the range of clients: no host can have it.</summary>
    public static bool IsBelow(Address address) => address.Kind switch
    {
        AddressKind.IPv4 => (uint)(ulong)address.Number >= Reserved,
        AddressKind.IPv6 => (address.Number >> 32) == (BelowOf(0, 0, AddressKind.IPv6).Number >> 32),
        _ => false,
    };

    /// <summary>What is wrong with a client's report, which was read from text that anybody may have written; null: nothing.</summary>
    public static string? FaultOf(ClientReport? report) => report switch
    {
        null => "the report is empty",
        { Mtu: < HostNetwork.LeastMtu or > HostNetwork.MostMtu } => $"mtu is {report.Mtu}, not from {HostNetwork.LeastMtu} to {HostNetwork.MostMtu} bytes",
        _ => HostReportCheck.FaultOfEnds("tunnels", report.Tunnels),
    };

    /// <summary>What is wrong with a name for a client; null: nothing.</summary>
    public static string? FaultOf(string name) =>
        name.Length is > 0 and <= 40 && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-') && name is not "self"
            ? null
            : $"'{name}' is no name for a client: write up to 40 lower-case letters, digits and dashes, such as laptop";
}

/// <summary>What the service keeps of a client. Holds a list: compared by reference.</summary>
/// <param name="Slot">Its number on its segment.</param>
/// <param name="Addresses">Its IPv4 addresses on the segment: its own, then those behind it.</param>
/// <param name="Below">Its address on the network below.</param>
/// <param name="TokenHash">SHA-256 of its token, in hexadecimal digits.</param>
/// <param name="JoinedAt">When it was let in.</param>
public sealed record SegmentClient(int Slot, ImmutableArray<Address> Addresses, Address Below, string TokenHash, DateTimeOffset JoinedAt)
{
    /// <summary>The segment's revision at which it was first reached; 0: it was not yet.</summary>
    public long Revision { get; init; }
}

/// <summary>What a client's agent tells of its machine. Holds a list: compared by reference.</summary>
/// <param name="Mtu">The longest packet on its way to the hosts, bytes.</param>
/// <param name="Tunnels">Where it receives encrypted, see <see cref="HostNetwork.Tunnels"/>; empty before it knows who it is.</param>
public sealed record ClientReport(int Mtu, ImmutableArray<TunnelEnd> Tunnels);

/// <summary>What a client is, for its agent.</summary>
/// <param name="Application">Whose segment it is on.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Below">Its address on the network below.</param>
public sealed record ClientPost(AppId Application, string Name, Address Below)
{
    /// <summary>The client as an end of tunnels.</summary>
    [JsonIgnore]
    public VtepId Id => SegmentClients.IdOf(Application, Name);
}
