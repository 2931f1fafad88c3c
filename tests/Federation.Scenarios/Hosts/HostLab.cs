using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Hosts;

/// <summary>Hosts for real VMs: namespaces with a bridge each, joined by one layer-2 network or by a router, a folder each, and a watcher of all copies.</summary>
internal sealed class HostLab : IDisposable
{
    // Short, since sockets' names are bounded.
    private readonly DirectoryInfo folder = Directory.CreateDirectory($"/tmp/fl{Guid.NewGuid():N}"[..12]);
    private readonly ILabNetwork network;

    /// <param name="hosts">How many.</param>
    /// <param name="megabits">How much each can send to the others, Mbit/s; null: as much as the machine can.</param>
    /// <param name="isRouted">Whether each is on a layer-2 network of its own, and of the overlay.</param>
    /// <param name="gateways">How many of them, the first ones, are gateways to a network outside.</param>
    public HostLab(int hosts, int? megabits = null, bool isRouted = false, int gateways = 0)
    {
        var name = $"f{Guid.NewGuid():N}"[..6];
        network = isRouted ? new LabRouter(name) : new LabSwitch(name);
        Hosts = [.. Enumerable.Range(1, hosts).Select(number => new RealHost(number, new LabHost($"{name}{number}"), Path.Combine(folder.FullName, Name(number))) { IsOfOverlay = isRouted, IsGateway = number <= gateways })];
        Outside = gateways > 0 ? new OutsideNetwork(name) : null;
        foreach (var host in Hosts)
        {
            host.Address = network.Connect(host.Network, host.Number, megabits);
            if (host.IsGateway)
            {
                Outside!.Connect(host.Network.Space, host.Number);
            }
        }

        Program = TinyGuest.Build(folder.FullName);
        Watcher = new CopyWatcher([.. Hosts.SelectMany(host => ((string, string)[])[(host.Name, host.Folder), (host.Name, host.OtherFolder)])]);
    }

    /// <summary>The hosts, in order.</summary>
    public ImmutableArray<RealHost> Hosts { get; }

    /// <summary>The network outside; null: there is none.</summary>
    public OutsideNetwork? Outside { get; }

    /// <summary>What its VMs boot.</summary>
    public string Program { get; }

    /// <summary>Knows when which copy ran.</summary>
    public CopyWatcher Watcher { get; }

    /// <summary>The name of a host.</summary>
    public static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"h{number}");

    /// <summary>Gives somebody else a line to the router of a lab that has one.</summary>
    /// <param name="space">Whose; its end is <c>up0</c>.</param>
    /// <param name="number">Its number, after those of the hosts.</param>
    public void Attach(NetworkNamespace space, int number) => ((LabRouter)network).Attach(space, number);

    /// <summary>Cuts a host off from the others; neither is told.</summary>
    public void Cut(RealHost host) => network.Cut(host.Number);

    /// <summary>Joins it with the others again.</summary>
    public void Heal(RealHost host) => network.Heal(host.Number);

    /// <summary>How the description of an application begins whose guests are the lab's program: all but its VMs.</summary>
    public string Heading(string name) => $$"""
        application: {{name}}
        tenant: astro
        objective: cost
        remaining: 20h
        images: [{ image: pages, sha256: {{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Program)))}}, sources: ["file://{{Program}}"] }]
        moves: { downtime: 300ms }
        """;

    public void Dispose()
    {
        foreach (var host in Hosts)
        {
            host.KillAll();
        }

        Watcher.Dispose();
        foreach (var host in Hosts)
        {
            host.Network.Dispose();
        }

        network.Dispose();
        Outside?.Dispose();
        folder.Delete(recursive: true);
    }

    /// <summary>One host.</summary>
    /// <param name="Number">Its number, from 1.</param>
    /// <param name="Network">Its namespace and bridge.</param>
    /// <param name="Folder">What it keeps.</param>
    public sealed record RealHost(int Number, LabHost Network, string Folder)
    {
        public string Name => HostLab.Name(Number);

        /// <summary>For VMs that no driver knows.</summary>
        public string OtherFolder => $"{Folder}-other";

        /// <summary>Whether its VMs are on the networks of their applications.</summary>
        public bool IsOfOverlay { get; init; }

        /// <summary>Whether it is a gateway to the network outside.</summary>
        public bool IsGateway { get; init; }

        /// <summary>Where other hosts reach it.</summary>
        public string Address { get; set; } = "";

        /// <summary>What is left of VMs: processes of QEMU, taps, and folders with a disk, a socket or a record in them.</summary>
        public ImmutableArray<string> Left =>
        [
            .. Processes.Select(process => $"process {process} on {Name}"),
            .. Network.Space.Exec("ip", "-o", "link", "show", "type", "tun").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(tap => $"tap {tap.Split(": ")[1]} on {Name}"),
            .. Directory.Exists(Folder) ? Directory.GetFiles(Folder, "guest.json", SearchOption.AllDirectories).Select(file => $"folder {Path.GetDirectoryName(file)}") : [],
        ];

        /// <summary>The processes of QEMU on it.</summary>
        public ImmutableArray<int> Processes => [.. All.Where(IsQemu)];

        private int[] All => [.. Network.Space.Exec("ip", "netns", "pids", Network.Space.Name).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

        /// <summary>Ends all of its processes at once, as a host does that loses its power.</summary>
        public void KillAll() => End(All);

        /// <summary>Ends its VMs at once.</summary>
        public void KillQemu() => End([.. Processes]);

        private static bool IsQemu(int process)
        {
            try
            {
                return File.ReadAllText($"/proc/{process}/comm").StartsWith("qemu-system", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        }

        // One that has ended by itself meanwhile is no fault.
        private static void End(int[] processes)
        {
            Programs.Try("kill", ["-9", .. processes.Select(process => process.ToString(CultureInfo.InvariantCulture))]);
            SpinWait.SpinUntil(() => processes.All(process => !IsThere(process)));
        }

        // One that nobody has waited for yet has no memory any more, and does nothing.
        private static bool IsThere(int process)
        {
            try
            {
                return File.ReadAllText($"/proc/{process}/cmdline").Length > 0;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }
}
