using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Collector.Bench;

/// <summary>The load: VMs of ten applications, spread so that each host has two of each; each VM hears its twenty successors.</summary>
internal static class Load
{
    public const int Applications = 10;
    public const int VmsEach = 1000;
    public const int Hosts = 500;
    public const int VmsOnHost = Applications * VmsEach / Hosts;
    public const int Peers = 20;

    private static readonly Guid Boot = Guid.NewGuid();

    public static string ApplicationFile(int number) => $$"""
        application: app{{number}}
        tenant: astro
        objective: cost
        remaining: 2h
        vms: { count: {{VmsEach}}, prefix: vm, firstAddress: 10.{{number}}.0.1, vcpus: 2, memory: 4GiB }
        """;

    /// <summary>What one host's sensor sends of one window; sequence numbers are the window's and the VM's, names the service's for the applications.</summary>
    public static WindowBatch Batch(int host, Window window, int windowNumber, AppId[] names) => new()
    {
        Sensor = $"host-{host}",
        Boot = Boot,
        Windows = [.. Enumerable.Range(0, VmsOnHost).Select(slot =>
        {
            var vm = host + (slot * Hosts);
            return PostedWindow.Of(new NumberedReport(
                new ReportOrigin($"host-{host}", Boot, (windowNumber * VmsOnHost) + slot + 1),
                Report(vm / VmsEach, vm % VmsEach, window))
            {
                Application = names[vm / VmsEach],
            });
        })],
    };

    public static WindowReport Report(int application, int vm, Window window) => new(
        new VmId($"vm{vm + 1}"),
        window,
        [.. Enumerable.Range(1, Peers).Select(step => new TrafficRecord(
            AddressOf(application, (vm + step) % VmsEach), FlowDirection.Received, 1000 + step + vm, 1_000_000 + (100 * vm) + step))
            .OrderBy(record => record.Peer)],
        Window.Length);

    public static byte[] Body(int host, Window window, int windowNumber, AppId[] names) =>
        JsonSerializer.SerializeToUtf8Bytes(Batch(host, window, windowNumber, names), WindowBatchJson.Default.WindowBatch);

    private static Address AddressOf(int application, int vm) =>
        Address.IPv4([10, (byte)application, (byte)((vm + 1) / 256), (byte)((vm + 1) % 256)]);
}
