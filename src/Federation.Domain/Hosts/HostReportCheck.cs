using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Hosts;

/// <summary>Holds a report that came from outside against what one has to be: it was read from text that anybody may have written.</summary>
public static class HostReportCheck
{
    /// <summary>Copies of VMs in a report at most.</summary>
    public const int Guests = 10_000;

    /// <summary>Answers in a report at most.</summary>
    public const int Answers = 10_000;

    /// <summary>What is wrong with a report; null: nothing.</summary>
    public static string? FaultOf(HostReport? report) => report switch
    {
        null => "the report is empty",
        { Facts: null } => "facts: what the host is is missing",
        { Facts: { Agent: null } or { Boot: null } } => "facts: agent and boot are missing",
        { Facts.Hypervisor: null or { Driver: null } or { Version: null } } => "facts.hypervisor: driver and version are missing",
        { Facts: { Vcpus: < 0 } or { MemoryBytes: < 0 } or { DiskBytes: < 0 } } => "facts: a host's size is less than 0",
        { Facts.Hypervisor: { Architectures.IsDefault: true } or { CpuModels.IsDefault: true } or { Machines.IsDefault: true } or { Remarks.IsDefault: true } } =>
            "facts.hypervisor: a list is null: write []",
        { Facts.Network: { Mtu: < HostNetwork.LeastMtu or > HostNetwork.MostMtu } network } =>
            $"facts.network: mtu is {network.Mtu}, not from {HostNetwork.LeastMtu} to {HostNetwork.MostMtu} bytes",
        { Facts.Network.Address.Kind: not (AddressKind.IPv4 or AddressKind.IPv6) } => "facts.network: address is no IPv4 or IPv6 address",
        { Facts.Network: { } network } when FaultOfTunnels(network) is { } fault => fault,
        { Facts.Network.Gateway.IsDefault: true } => "facts.network: gateway is null: write []",
        { Facts.Network.Gateway.Length: > HostNetwork.MostRanges } => $"facts.network: there are {report.Facts.Network.Gateway.Length} ranges of a gateway, more than {HostNetwork.MostRanges}",
        { Guests.IsDefault: true } or { Answers.IsDefault: true } => "guests or answers is missing: write [] where there are none",
        { Remains.IsDefault: true } => "remains is null: write [] where there are none",
        { Remains.Length: > Guests } => $"there are {report.Remains.Length} remains, more than {Guests}",
        { Guests.Length: > Guests } => $"there are {report.Guests.Length} guests, more than {Guests}",
        { Answers.Length: > Answers } => $"there are {report.Answers.Length} answers, more than {Answers}",
        _ => FaultOfParts(report),
    };

    private static string? FaultOfTunnels(HostNetwork network) =>
        (FaultOfEnds("tunnels", network.Tunnels) ?? FaultOfEnds("relay", network.Relay)) is { } fault ? $"facts.network: {fault}" : null;

    /// <summary>What is wrong with ends of tunnels; null: nothing.</summary>
    internal static string? FaultOfEnds(string key, ImmutableArray<TunnelEnd> ends) =>
        ends.IsDefault ? $"{key} is null: write []"
        : ends.Length > HostNetwork.MostTunnels ? $"there are {ends.Length} {key}, more than {HostNetwork.MostTunnels}"
        : ends.Any(end => end.Generation < 1 || end.Port is < 1 or > 65_535) ? $"a generation of {key} is less than 1, or its port none of 1 to 65535"
        : ends.Any(end => end.PublicKey is not { Length: 44 } || !Convert.TryFromBase64String(end.PublicKey, new byte[33], out var bytes) || bytes != 32)
            ? $"a public key of {key} is no 32 bytes in base64"
        : null;

    private static string? FaultOfParts(HostReport report)
    {
        var seen = new HashSet<VmRef>();
        foreach (var guest in report.Guests)
        {
            if (guest?.Sighting is null || guest.Sighting.Vm == default)
            {
                return "guests: one names no VM";
            }

            if (!seen.Add(guest.Sighting.Vm))
            {
                return $"guests: {guest.Sighting.Vm} is there twice";
            }
        }

        return report.Answers.Any(answer => answer?.Operation is null) ? "answers: one names no operation" : null;
    }
}
