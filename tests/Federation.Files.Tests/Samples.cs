namespace Federation.Files.Tests;

/// <summary>Files that use every key.</summary>
internal static class Samples
{
    public const string Site = """
        site: rennes
        kind: grid
        region: eu-west
        currency: USD
        offers:
          - name: std-4
            vcpus: 4
            memory: 16GiB
            speed: 1.0
            available: 32
            price: 0
          - name: std-8
            vcpus: 8
            memory: 32GB
            speed: 1.25
            price: [{ from: 2026-11-01T00:00Z, perHour: 0.21 }, { from: 2026-11-01T06:00Z, perHour: 0.12 }]
        billing: { increment: 1s, minimum: 60s }
        network: { latency: 0.1ms, bandwidth: 10Gbps, internetEgressPerGB: 0 }
        links:
          aws-eu-west-3: { latency: 12ms, bandwidth: 2.5Gbps, egressPerGB: 0 }
        capacity: { vcpus: 96, memory: 384GiB, vms: 48, headroom: 0.1 }
        quotas:
          - { tenant: astro, vcpus: 64, memory: 256GiB, vms: 32, coreHours: 5000 }
          - { tenant: "*", vms: 2 }
        availability:
          - { from: 2026-11-23T18:00Z, until: 2026-11-24T06:00Z }
        policy:
          tenants: [astro, "*"]
          residency: [eu, fr]
          migrations: { in: 2, out: 3 }
          arrivals: [{ days: mon-fri, from: "20:00", until: "06:00", zone: Europe/Paris }]
          approval: manual
        """;

    public const string Application = """
        application: cg
        tenant: astro
        objective: cost
        deadline: 4h
        budget: 25.0
        remaining: 2h
        overlap: 0.25
        packetsPerExchange: 3
        margin: 0.1
        harmLimit: 0.5
        retention: 30d
        vms:
          - vm: vm1
            addresses: [10.42.0.1, 52:54:00:00:00:01]
            vcpus: 2
            memory: 4GiB
            dirtyRate: 20MB/s
            at: { site: rennes, offer: std-4 }
            residency: [eu]
            sites: [rennes, aws-eu-west-3]
          - vm: vm2
            addresses: [10.42.0.2]
            vcpus: 2
            memory: 4GiB
        """;

    public const string Cluster = """
        application: cg
        tenant: astro
        objective: time
        remaining: 2h
        vms: { count: 8, prefix: vm, firstAddress: 10.42.0.254, vcpus: 2, memory: 4GiB, dirtyRate: 20MB/s }
        """;

    /// <summary>The smallest site.</summary>
    public static string SiteNamed(string name, string more = "") => $$"""
        site: {{name}}
        kind: cloud
        offers: [{ name: a, vcpus: 1, memory: 1GiB, price: 1 }]
        network: { latency: 0, bandwidth: 1Gbps, internetEgressPerGB: 0 }
        {{more}}
        """;

    /// <summary>The line, from 1, on which a part of a text starts.</summary>
    public static int LineOf(this string text, string part)
    {
        var at = text.IndexOf(part, StringComparison.Ordinal);
        return at < 0 ? throw new ArgumentException($"'{part}' is not in the text") : text[..at].Count(c => c == '\n') + 1;
    }
}
