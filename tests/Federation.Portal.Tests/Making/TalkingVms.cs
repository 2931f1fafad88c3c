using System.Text.Json;
using Federation.Domain.Traffic;
using Federation.Silo.Tests.Making;
using Shouldly;

namespace Federation.Portal.Tests.Making;

/// <summary>An application of eight VMs that run at two sites and talk in two groups, one of which is cut: what a drawing of traffic has to show.</summary>
internal static class TalkingVms
{
    public const string Name = "duo";

    // vm5 is at the other site than the rest of its group.
    public static (string Path, string Text) Application { get; } = ($"/v1/applications/{Name}", $$"""
        application: {{Name}}
        tenant: astro
        objective: cost
        remaining: 2h
        vms:
        {{string.Join('\n', Enumerable.Range(1, 8).Select(vm =>
            $"  - {{ vm: vm{vm}, addresses: [10.43.0.{vm}], vcpus: 2, memory: 4GiB, dirtyRate: 20MB/s, at: {{ site: {SiteOf(vm)}, offer: std }}, sites: [{SiteOf(vm)}] }}"))}}
        """);

    /// <summary>Reports windows in which they talk as they always do, the last one being the newest that has closed.</summary>
    public static async Task Talk(this RunningService service, int windows = 3)
    {
        var last = Window.LastClosed(TimeProvider.System.GetUtcNow());
        var sequence = 0;
        var batch = new
        {
            sensor = "host-1",
            boot = Guid.NewGuid(),
            application = Name,
            windows = Window.Ending(last, windows).SelectMany(window => Enumerable.Range(1, 8).Select(vm => new
            {
                sequence = ++sequence,
                vm = $"vm{vm}",
                start = window.ToString(),
                covered = 30,
                records = Enumerable.Range(1, 8).Where(peer => peer != vm).Select(peer => new
                {
                    peer = $"10.43.0.{peer}", direction = "received", packets = SameGroup(vm, peer) ? 30_000 : 30, bytes = SameGroup(vm, peer) ? 30_000_000L + (vm * peer * 300_000L) : 30_000,
                }),
            })),
        };
        using var answer = await service.Post("/v1/windows", JsonSerializer.Serialize(batch));
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        text.ShouldContain("\"refused\":[]");
    }

    private static string SiteOf(int vm) => vm <= 5 ? "cheap" : "dear";

    private static bool SameGroup(int one, int other) => (one <= 4) == (other <= 4);
}
