namespace Federation.Cli.Tests.Making;

/// <summary>A grid that is free and a cloud that is not, and an application of four VMs that talk in two pairs.</summary>
internal sealed class SmallWorld : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SmallWorld()
    {
        folder.Write("sites/grid.yaml", """
            site: grid
            kind: grid
            offers:
              - { name: std-4, vcpus: 4, memory: 16GiB, speed: 1.0, available: 4, price: 0 }
            network: { latency: 0.1ms, bandwidth: 10Gbps, internetEgressPerGB: 0 }
            links:
              cloud: { latency: 12ms, bandwidth: 2.5Gbps, egressPerGB: 0 }
            """);
        folder.Write("sites/cloud.yaml", """
            site: cloud
            kind: cloud
            offers:
              - { name: m5, vcpus: 4, memory: 16GiB, speed: 1.0, price: 0.2 }
            network: { latency: 0.1ms, bandwidth: 10Gbps, internetEgressPerGB: 0.09 }
            links:
              grid: { latency: 12ms, bandwidth: 2.5Gbps, egressPerGB: 0.02 }
            """);
        Traffic = folder.Write("traffic.csv", """
            source,destination,packets,bytes
            10.42.0.1,10.42.0.2,1656,21367587
            10.42.0.2,10.42.0.1,1607,21363825
            10.42.0.3,10.42.0.4,1571,21359001
            10.42.0.4,10.42.0.3,1706,21368002
            10.42.0.1,192.0.2.7,10,1000
            """);
    }

    public string Sites => folder["sites"];

    public string Traffic { get; set; }

    public string Write(string name, string text) => folder.Write(name, text);

    public string Application(string at = "", string objective = "cost", string memory = "4GiB") => folder.Write("app.yaml", $$"""
        application: cg
        tenant: astro
        objective: {{objective}}
        remaining: 2h
        vms: { count: 4, prefix: vm, firstAddress: 10.42.0.1, vcpus: 2, memory: {{memory}}, dirtyRate: 20MB/s{{at}} }
        """);

    public Task<CommandRun> Plan(string application, params string[] more) => CommandRun.Of([
        "plan", "--offline", "--sites", Sites, "--app", application, "--traffic", Traffic, "--period", "30s",
        "--at", "2026-11-23T18:00Z", .. more]);

    public void Dispose() => folder.Dispose();
}
