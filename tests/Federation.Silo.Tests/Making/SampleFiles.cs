using System.Globalization;

namespace Federation.Silo.Tests.Making;

/// <summary>Site and application files in round figures: two clouds that differ in price, and a free grid for two VMs.</summary>
internal static class SampleFiles
{
    private static readonly string[] Names = ["cheap", "dear", "grid"];

    public static (string Path, string Text) Site(
        string name, decimal price, string kind = "cloud", string more = "", int available = 8) => ($"/v1/sites/{name}", $$"""
        site: {{name}}
        kind: {{kind}}
        currency: USD
        offers:
          - { name: std, vcpus: 2, memory: 4GiB, available: {{available}}, price: {{price.ToString(CultureInfo.InvariantCulture)}} }
        billing: { increment: 1s, minimum: 60s }
        network: { latency: 0.1ms, bandwidth: 10Gbps, internetEgressPerGB: 0.09 }
        links:
          {{string.Join("\n  ", Names.Where(other => other != name).Select(other =>
              $"{other}: {{ latency: 10ms, bandwidth: 5Gbps, egressPerGB: 0.02 }}"))}}
        {{more}}
        """);

    /// <summary>A cheap cloud and a dear one.</summary>
    public static (string Path, string Text)[] TwoClouds { get; } = [Site("cheap", 0.10m), Site("dear", 0.20m)];

    /// <summary>Eight VMs with the addresses of the captures.</summary>
    public static (string Path, string Text) Application(string name = "cg", int vms = 8, string more = "") => ($"/v1/applications/{name}", $$"""
        application: {{name}}
        tenant: astro
        objective: cost
        remaining: 2h
        {{more}}
        vms: { count: {{vms}}, prefix: vm, firstAddress: 10.42.0.1, vcpus: 2, memory: 4GiB, dirtyRate: 20MB/s }
        """);

    /// <summary>One VM of a name that begins so.</summary>
    public static (string Path, string Text) WithPrefix(string name, string prefix)
    {
        var (path, text) = Application(name, vms: 1);
        return (path, text.Replace("prefix: vm", $"prefix: {prefix}", StringComparison.Ordinal));
    }
}
