using System.Net;
using System.Net.Sockets;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Federation.Collector.Bench;

/// <summary>Managed memory a VM grain, in a service in this process: the heap after a full collection, before and after.</summary>
internal static class MemoryRun
{
    private const int Vms = 10_000;
    private const int Windows = 20;

    public static async Task Run()
    {
        var folder = Directory.CreateTempSubdirectory("federation-bench-");
        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        var silo = ((IPEndPoint)port.LocalEndpoint).Port;
        port.Stop();
        await using var app = FederationHost.Build([
            "--urls", "http://127.0.0.1:0", $"--Federation:Data={folder.FullName}", $"--Federation:SiloPort={silo}", "--Logging:LogLevel:Default=Error",
        ]);
        await app.StartAsync();
        var grains = app.Services.GetRequiredService<IGrainFactory>();

        // What the first calls bring in, code and pools, is not the grains'.
        await ForEach(vm => grains.Vm(new(new("warm"), new($"vm{vm % 500}"))).Status());
        var empty = GC.GetTotalMemory(forceFullCollection: true);
        await ForEach(vm => Vm(grains, vm).Status());
        var idle = GC.GetTotalMemory(forceFullCollection: true);
        Figures.Print(Figures.Line($"a VM grain without a window: {(idle - empty) / (double)Vms:0} bytes"));

        var newest = Window.LastClosed(TimeProvider.System.GetUtcNow());
        for (var age = Windows - 1; age >= 0; age--)
        {
            var window = newest.Shift(-age);
            await ForEach(vm => Vm(grains, vm).Take(new([PackedPart.Of(new("host-1", Load.Report(vm / 1000, vm % 1000, window)))])));
        }

        var full = GC.GetTotalMemory(forceFullCollection: true);
        Figures.Print(Figures.Line($"with {Windows} windows of {Load.Peers} peers: {(full - empty) / (double)Vms:0} bytes"));
        await app.StopAsync();
        folder.Delete(recursive: true);
    }

    private static IVmGrain Vm(IGrainFactory grains, int vm) => grains.Vm(new(new AppId($"app{vm / 1000}"), new VmId($"vm{(vm % 1000) + 1}")));

    private static Task ForEach(Func<int, Task> work) => Parallel.ForAsync(
        0, Vms, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (vm, _) => await work(vm));
}
