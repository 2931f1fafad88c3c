using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Files;
using Federation.Grains.Access;
using Federation.Silo.Hosting;
using Federation.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Federation.Collector.Bench;

/// <summary>
/// Managed memory and activation time a VM grain, and memory a VM of the newest windows, in a service in this process: the heap after a full collection, before and after; the time
/// of the first calls, 32 at once.
/// </summary>
internal static class MemoryRun
{
    private const int Windows = 20;
    private static readonly Guid Boot = Guid.NewGuid();

    /// <summary>Measures.</summary>
    /// <param name="vms">How many grains.</param>
    /// <param name="kind">sqlite or postgres: where their state is read from when they activate.</param>
    public static async Task Run(int vms, string kind)
    {
        await using var cluster = kind == "postgres" ? await PostgresCluster.Start() : null;
        var database = cluster is null ? "" : $"{await cluster.CreateDatabase("federation")};Timeout=60";
        var folder = Directory.CreateTempSubdirectory("federation-bench-");
        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        var silo = ((IPEndPoint)port.LocalEndpoint).Port;
        port.Stop();
        await using var app = FederationHost.Build([
            "--urls", "http://127.0.0.1:0", $"--Federation:Data={folder.FullName}", $"--Federation:SiloPort={silo}", "--Logging:LogLevel:Default=Error",
            $"--Federation:Database={database}",
        ]);
        await app.StartAsync();
        CallOrigin.Current = CallOrigin.Service;
        var grains = app.Services.GetRequiredService<IGrainFactory>();

        // What the first calls bring in, code and pools, is not the grains'.
        await ForEach(vms, vm => grains.Vm(new(AppId.Parse("astro/warm.1"), new($"vm{vm % 500}"))).Status());
        var empty = GC.GetTotalMemory(forceFullCollection: true);
        var took = await ForEach(vms, vm => Vm(grains, vm).Status());
        var idle = GC.GetTotalMemory(forceFullCollection: true);
        Figures.Print(Figures.Line(
            $"{vms} VM grains without a window: {(idle - empty) / (double)vms:0} bytes each, activated in {took.TotalSeconds:0.0} s, {took.TotalMicroseconds / vms:0} us each, over {kind}"));
        took = await ForEach(vms, vm => Vm(grains, vm).Status());
        Figures.Print(Figures.Line($"called once more, now in memory: {took.TotalMicroseconds / vms:0.0} us each"));

        var applications = new AppId[vms / Load.VmsEach];
        for (var number = 0; number < applications.Length; number++)
        {
            var described = ApplicationFile.Parse(Load.ApplicationFile(number), "bench.yaml", null).Value!;
            await grains.Application(described.Id).Apply(described);
            applications[number] = (await grains.Application(described.Id).Identity())!.Value;
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var newest = Window.LastClosed(TimeProvider.System.GetUtcNow());
        for (var age = Windows - 1; age >= 0; age--)
        {
            var window = newest.Shift(-age);
            await ForEach(applications.Length, number => grains.Traffic(applications[number]).Take(new("host-1", Boot, [.. Enumerable.Range(0, Load.VmsEach).Select(
                vm => Sent(number, vm, window, age))])));
        }

        var full = GC.GetTotalMemory(forceFullCollection: true);
        Figures.Print(Figures.Line($"{Windows} windows of {Load.Peers} peers: {(full - before) / (double)(applications.Length * Load.VmsEach):0} bytes a VM"));
        await app.StopAsync();
        folder.Delete(recursive: true);
    }

    private static IVmGrain Vm(IGrainFactory grains, int vm) => grains.Vm(new(AppId.Parse($"astro/app{vm / 1000}.1"), new VmId($"vm{(vm % 1000) + 1}")));

    private static SentWindow Sent(int application, int vm, Window window, int age)
    {
        var report = Load.Report(application, vm, window);
        return new(((long)((application * Windows) + age) * Load.VmsEach) + vm + 1, report.Vm, PackedPart.Of(new("host-1", report)));
    }

    private static async Task<TimeSpan> ForEach(int vms, Func<int, Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, vms, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (vm, _) => await work(vm));
        return Stopwatch.GetElapsedTime(began);
    }
}
