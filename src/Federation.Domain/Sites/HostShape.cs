using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;

namespace Federation.Domain.Sites;

/// <summary>What a host can take at most, were it empty. Holds lists: compared by reference.</summary>
/// <param name="Size">What it has.</param>
/// <param name="Hypervisor">Its hypervisor, without what it says for people.</param>
public sealed record HostShape(HostUse Size, HypervisorFacts Hypervisor)
{
    /// <summary>The shapes of the hosts of a site that take VMs, each once.</summary>
    public static ImmutableArray<HostShape> Of(SiteHosts hosts) =>
        [.. hosts.All.Where(host => host.State == HostState.Ready).Select(host => new HostShape(host.Size, Bare(host.Facts.Hypervisor))).DistinctBy(shape => (shape.Size, Words(shape.Hypervisor)))];

    /// <summary>What of hardware that a VM asks for a hypervisor does not have, as <c>CPU model Skylake</c>; null: nothing.</summary>
    /// <remarks>What it does not list at all it is not asked for: its driver does not tell.</remarks>
    public static string? Missing(HypervisorFacts hypervisor, GuestHardware? wanted) => wanted is null ? null
        : Lacks(hypervisor.Architectures, wanted.Architecture) ? $"architecture {wanted.Architecture}"
        : Lacks(hypervisor.CpuModels, wanted.CpuModel) ? $"CPU model {wanted.CpuModel}"
        : Lacks(hypervisor.Machines, wanted.Machine) ? $"machine type {wanted.Machine}"
        : null;

    private static bool Lacks(ImmutableArray<string> has, string? wanted) => wanted is not null && !has.IsDefaultOrEmpty && !has.Contains(wanted);

    private static HypervisorFacts Bare(HypervisorFacts facts) => new()
    {
        Driver = facts.Driver, Version = "", Architectures = facts.Architectures, CpuModels = facts.CpuModels, Machines = facts.Machines, NeedsImage = facts.NeedsImage,
    };

    private static string Words(HypervisorFacts facts) => string.Join('\n', [facts.Driver, $"{facts.NeedsImage}", .. facts.Architectures, "", .. facts.CpuModels, "", .. facts.Machines]);
}
