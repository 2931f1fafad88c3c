using System.Globalization;
using System.Text.Json;
using Federation.Credentials;
using Federation.Domain.Access;
using Federation.Domain.Traffic;

namespace Federation.Portal.Bench;

/// <summary>What is looked at: three sites, and applications whose VMs run at all of them and talk.</summary>
internal static class Load
{
    private const int Neighbours = 20;
    private static readonly string[] Sites = ["cheap", "dear", "grid"];

    public static string TokenOf(this Running running)
    {
        using var key = TokenIssuer.ReadKey(Path.Combine(running.Folder, "issuer.key"));
        return new TokenIssuer(key).Issue(new Caller("alice", TokenIssuer.Name, [Role.Tenant], [new("astro")], []), TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(8));
    }

    public static async Task Describe(this Running running)
    {
        foreach (var site in Sites)
        {
            await running.Put($"/v1/sites/{site}", SiteFile(site, 0.1m));
        }
    }

    public static string SiteFile(string name, decimal price) => $$"""
        site: {{name}}
        kind: cloud
        currency: USD
        offers:
          - { name: std, vcpus: 2, memory: 4GiB, available: 2000, price: {{price.ToString(CultureInfo.InvariantCulture)}} }
        billing: { increment: 1s, minimum: 60s }
        network: { latency: 0.1ms, bandwidth: 10Gbps, internetEgressPerGB: 0.09 }
        links:
          {{string.Join("\n  ", Sites.Where(other => other != name).Select(other => $"{other}: {{ latency: 10ms, bandwidth: 5Gbps, egressPerGB: 0.02 }}"))}}
        """;

    /// <summary>An application whose VMs run by hundreds at the sites in turn.</summary>
    public static Task Application(this Running running, string name, int vms, int network) => running.Put($"/v1/applications/{name}", $$"""
        application: {{name}}
        tenant: astro
        objective: cost
        remaining: 2h
        vms:
        {{string.Join('\n', Enumerable.Range(0, vms).Select(vm => $"  - {{ vm: vm{vm}, addresses: [{AddressOf(vm, network)}], vcpus: 2, memory: 4GiB, dirtyRate: 20MB/s, at: {{ site: {SiteOf(vm)}, offer: std }} }}"))}}
        """);

    /// <summary>Reports windows, the newest one that has closed last, in which each VM talks to those that come after it, the less the farther: so many pairs in all, and no VM without a heavy one.</summary>
    public static async Task Talk(this Running running, string name, int vms, int edges, int network, int windows)
    {
        var each = Math.Min(edges / vms, Neighbours);
        var sequence = 0;
        foreach (var window in Window.Ending(Window.LastClosed(TimeProvider.System.GetUtcNow()), windows))
        {
            foreach (var part in Enumerable.Range(0, vms).Chunk(100))
            {
                await running.Post("/v1/windows", JsonSerializer.Serialize(new
                {
                    sensor = $"bench-{name}",
                    boot = Boot,
                    application = name,
                    windows = part.Select(vm => new
                    {
                        sequence = ++sequence,
                        vm = $"vm{vm}",
                        start = window.ToString(),
                        covered = 30,
                        records = Enumerable.Range(1, each).Select(step => (vm + step) % vms).Select(peer => new
                        {
                            peer = AddressOf(peer, network), direction = "received", packets = 3000, bytes = (30_000_000L / StepOf(vm, peer, vms)) + (vm * 37 % 1000),
                        }),
                    }),
                }));
            }
        }
    }

    private static readonly Guid Boot = Guid.NewGuid();

    private static int StepOf(int vm, int peer, int vms) => (peer - vm + vms) % vms;

    private static string SiteOf(int vm) => Sites[vm / 100 % Sites.Length];

    private static string AddressOf(int vm, int network) => string.Create(CultureInfo.InvariantCulture, $"10.{network}.{vm / 250}.{1 + (vm % 250)}");
}
