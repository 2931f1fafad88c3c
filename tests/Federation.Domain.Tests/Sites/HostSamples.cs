using Federation.Domain.Hosts;
using Federation.Domain.Sites;
using Federation.Testing;

namespace Federation.Domain.Tests.Sites;

/// <summary>Hosts by hand, for tests that change one thing of them.</summary>
internal static class HostSamples
{
    /// <summary>A host of QEMU with 1 TiB of disk.</summary>
    public static HostFacts Facts(int vcpus = 8, long gib = 16, string boot = "boot1", string driver = "qemu", string[]? cpus = null) =>
        new(vcpus, gib * Samples.GiB, 1024 * Samples.GiB, new() { Driver = driver, Version = "7.2", CpuModels = [.. cpus ?? []] }, "1.0", boot);

    /// <summary>Hosts of one size, heard of now.</summary>
    public static SiteHosts Hosts(params string[] names) => names.Aggregate(SiteHosts.None, (hosts, name) => hosts.Heard(name, Facts(), Samples.Now).Hosts);

    /// <summary>A site's door with hosts.</summary>
    public static Door Door(SiteHosts hosts, Site? site = null) => new(site ?? Samples.Site("rennes"), SiteApprovals.None, Samples.Now) { Hosts = hosts };
}
