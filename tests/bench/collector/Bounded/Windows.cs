using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Collector.Bench.Bounded;

/// <summary>Windows of the load's applications: VMs in groups of four that talk a lot, and less with a few others; in those that run nowhere yet all with all.</summary>
internal static class Windows
{
    private const int Group = 4;
    private const int MostPeers = 20;

    /// <summary>A body with windows of a sensor.</summary>
    public static ByteArrayContent Body(string sensor, Guid boot, IEnumerable<PostedWindow> windows)
    {
        var batch = new WindowBatch { Sensor = sensor, Boot = boot, Windows = [.. windows] };
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(batch, WindowBatchJson.Default.WindowBatch));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>What one VM, counted from 0, had in a window.</summary>
    public static PostedWindow Of(LoadedApplication application, int vm, Window window, string sensor, Guid boot, long sequence) => PostedWindow.Of(new(
        new ReportOrigin(sensor, boot, sequence),
        new WindowReport(
            new VmId(string.Create(CultureInfo.InvariantCulture, $"vm{vm + 1}")),
            window,
            [.. Peers(application, vm).Select(peer => new TrafficRecord(
                Address.Parse(application.AddressOf(peer)), FlowDirection.Received, Packets(application, vm, peer), 20_000_000))
                .OrderBy(record => record.Peer)],
            Window.Length))
    {
        Application = AppId.Parse(application.Key),
    });

    private static long Packets(LoadedApplication application, int vm, int peer) =>
        application.Site is null ? 1000 + (((vm * 7919) + (peer * 104_729)) % 40_000)
        : vm / Group == peer / Group ? 40_000
        : 500;

    private static IEnumerable<int> Peers(LoadedApplication application, int vm)
    {
        if (application.Site is null)
        {
            return Enumerable.Range(0, application.Vms).Where(peer => peer != vm);
        }

        var first = vm / Group * Group;
        return Enumerable.Range(first, Group).Concat(Enumerable.Range(1, MostPeers).Select(step => (vm + (step * 7)) % application.Vms))
            .Where(peer => peer != vm && peer < application.Vms).Distinct().Take(MostPeers);
    }
}
