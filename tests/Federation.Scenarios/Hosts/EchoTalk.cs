using System.Security.Cryptography;

namespace Federation.Scenarios.Hosts;

/// <summary>An application of two VMs on its network: one that moves, and one that asks it every 10 ms and stays.</summary>
internal sealed class EchoTalk
{
    public const string Asked = "10.90.0.5";
    public const string Asking = "10.90.0.6";

    /// <summary>What the one that moves does with its memory.</summary>
    public const string Load = "hot=16 cold=4";

    private readonly HostedLab hosted;
    private readonly string mover;

    private EchoTalk(HostedLab hosted, HostedVm vms)
    {
        (this.hosted, Vms) = (hosted, vms);
        var asker = hosted.Lab.Watcher.Present.Single(copy => File.ReadAllText(LogOf(copy)).Contains("AS ", StringComparison.Ordinal));
        (Asker, AskerHost, mover) = (new(LogOf(asker)), asker.Host, hosted.Lab.Watcher.Present.Single(copy => copy != asker).Vm);
    }

    /// <summary>The application.</summary>
    public HostedVm Vms { get; }

    /// <summary>The one that stays.</summary>
    public AskingGuest Asker { get; }

    /// <summary>Where it is.</summary>
    public string AskerHost { get; }

    /// <summary>Where the one that moves runs.</summary>
    public string MoverHost => hosted.Lab.Watcher.Present.Single(copy => copy.Vm == mover && copy.Runs).Host;

    /// <summary>How long no copy ran before the newest one did.</summary>
    public TimeSpan StoodStill => RunInterval.LongestPause(hosted.Lab.Watcher.Copies.Where(copy => copy.Vm == mover).SelectMany(copy => copy.Intervals).OrderBy(interval => interval.From).TakeLast(2));

    /// <summary>Starts both, and waits until they talk.</summary>
    public static async Task<EchoTalk> Start(HostedLab hosted)
    {
        var folder = Path.GetDirectoryName(hosted.Lab.Program)!;
        var vms = new HostedVm(hosted, "talks", 5);
        await vms.Place(Description(hosted.Lab.Program, AskingGuest.Build(folder)), vms: 2);
        await Waiting.Until(() => hosted.Lab.Watcher.Present.Any(copy => File.Exists(LogOf(copy)) && File.ReadAllText(LogOf(copy)).Contains("AS ", StringComparison.Ordinal)));
        return new(hosted, vms);
    }

    private static string LogOf(WatchedCopy copy) => Path.Combine(Path.GetDirectoryName(copy.Path)!, "console.log");

    private static string Description(string program, (string Kernel, string Initrd) linux) => $$"""
        application: talks
        tenant: astro
        objective: cost
        remaining: 20h
        images:
          - { image: pages, sha256: {{Sum(program)}}, sources: ["file://{{program}}"] }
          - { image: linux, sha256: {{Sum(linux.Kernel)}}, sources: ["file://{{linux.Kernel}}"] }
          - { image: asker, sha256: {{Sum(linux.Initrd)}}, sources: ["file://{{linux.Initrd}}"] }
        moves: { downtime: 300ms }
        vms:
          - vm: moves
            addresses: [{{Asked}}]
            vcpus: 1
            memory: 16MiB
            dirtyRate: 100kB/s
            kernel: { image: pages, arguments: {{Load}} ip={{Asked}} }
            nics: [{ addresses: [{{Asked}}] }]
          - vm: asks
            addresses: [{{Asking}}]
            vcpus: 1
            memory: 112MiB
            sites: [north]
            dirtyRate: 100kB/s
            kernel: { image: linux, initrd: asker, arguments: "{{AskingGuest.Arguments(Asking, Asked)}}" }
            nics: [{ addresses: [{{Asking}}] }]
        """;

    private static string Sum(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
