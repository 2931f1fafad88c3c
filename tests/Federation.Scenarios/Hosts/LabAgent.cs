using System.Diagnostics;
using Federation.Scenarios.Sensors;
using Federation.Scenarios.Service;

namespace Federation.Scenarios.Hosts;

/// <summary>The agent of one host as a process of its own, to be killed and started again; each silo is reached over a line that can be cut.</summary>
internal sealed class LabAgent : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-agent-");
    private readonly CuttableLine[] lines;
    private Build build;
    private Process process;

    /// <param name="build">Which build of it.</param>
    /// <param name="host">Its host.</param>
    /// <param name="site">The host's site.</param>
    /// <param name="silos">The service, the silo of its site first.</param>
    /// <param name="token">The agent's token.</param>
    public LabAgent(Build build, HostLab.RealHost host, string site, IEnumerable<ServiceProcess> silos, string token)
    {
        (this.build, Host, Site) = (build, host, site);
        lines = [.. silos.Select(silo => new CuttableLine(host.Network.Space, silo.Http.BaseAddress!))];
        File.WriteAllText(In("token"), token);
        SwitchOn();
        File.WriteAllText(In("host.yaml"), $$"""
            site: {{site}}
            host: {{host.Name}}
            server: "{{string.Join(", ", lines.Select(line => line.Address))}}"
            tokenFile: {{In("token")}}
            state: {{In("state")}}
            boot: {{In("boot")}}
            size: { vcpus: 4, memory: 1GiB, disk: 10GiB }
            qemu: { directory: {{host.Folder}}, address: {{host.Address}}, {{(host.IsOfOverlay ? "" : "bridge: br0, ")}}arping: [busybox, arping], observers: true, emulate: true, powerDown: {{HostedLab.PowerDown.TotalMilliseconds}}ms }
            {{(host.IsOfOverlay ? $"network: {{ address: {host.Address}{(host.IsGateway ? $", gateway: {{ interface: {OutsideNetwork.Interface}, addresses: [{OutsideNetwork.Addresses}] }}" : "")} }}" : "")}}
            """);
        process = Launch();
    }

    public HostLab.RealHost Host { get; }

    public string Site { get; }

    /// <summary>What it said.</summary>
    public string Log => File.Exists(In("log")) ? File.ReadAllText(In("log")) : "";

    /// <summary>Whether it has not ended.</summary>
    public bool Runs => !process.HasExited;

    /// <summary>Ends it as kill -9 does; its VMs run on.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Ends it as an upgrade does.</summary>
    public void Stop()
    {
        Programs.Run("kill", $"{process.Id}");
        process.WaitForExit();
    }

    /// <summary>Starts it again.</summary>
    public void Start()
    {
        process.Dispose();
        process = Launch();
    }

    /// <summary>Ends it as an operator does, and starts another build of it; its VMs run on.</summary>
    public void Upgrade(Build to)
    {
        Stop();
        build = to;
        Start();
    }

    /// <summary>Starts the host again after it had lost its power: its VMs are gone, and it says that it is another run.</summary>
    public void Reboot()
    {
        SwitchOn();
        Start();
    }

    /// <summary>Cuts it off from the service.</summary>
    public void Cut() => Array.ForEach(lines, line => line.Cut());

    /// <summary>Joins it with the service again.</summary>
    public void Mend() => Array.ForEach(lines, line => line.Mend());

    public async ValueTask DisposeAsync()
    {
        Kill();
        process.Dispose();

        // Shown if the test failed.
        Xunit.TestContext.Current.TestOutputHelper?.WriteLine($"The agent of {Host.Name} said at last:\n{string.Join('\n', Log.Split('\n').TakeLast(20))}");
        foreach (var line in lines)
        {
            await line.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    private void SwitchOn() => File.WriteAllText(In("boot"), $"{Guid.NewGuid()}\n");

    private string In(string name) => Path.Combine(folder.FullName, name);

    // Through a shell, which replaces itself: the process is the agent, and its words go to a file that outlives it.
    private Process Launch() => Process.Start(new ProcessStartInfo("bash",
        ["-c", $"exec ip netns exec {Host.Network.Space.Name} dotnet {build.Fedctl} host run --config {In("host.yaml")} >>{In("log")} 2>&1"]))!;
}
