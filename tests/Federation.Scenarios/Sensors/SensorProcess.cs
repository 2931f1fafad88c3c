using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using Federation.Sensor.Daemon;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Sensors;

/// <summary>A sensor as a process of its own on one host, to be killed and started again.</summary>
internal sealed class SensorProcess : IAsyncDisposable
{
    private static readonly string Dll = Path.GetFullPath(typeof(SensorProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Fedctl").Value!);

    private const int Nobody = 65534;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-sensor-");
    private readonly DescriptorKeeper keeper;
    private readonly LabHost host;
    private readonly HttpClient http;
    private readonly string dll = Dll;
    private readonly string privilege = "";
    private Process process;

    /// <param name="name">The sensor's name.</param>
    /// <param name="host">Its host.</param>
    /// <param name="server">The service.</param>
    /// <param name="token">The sensor's token.</param>
    /// <param name="capture">What it watches.</param>
    /// <param name="asNobody">Whether it runs as a user of no other rights than those of the unit in deploy/systemd.</param>
    public SensorProcess(string name, LabHost host, string server, string token, string capture, bool asNobody)
    {
        this.host = host;
        http = host.Space.Http();
        File.WriteAllText(Path.Combine(folder.FullName, "token"), token);
        File.WriteAllText(Path.Combine(folder.FullName, "sensor.yaml"), $$"""
            sensor: {{name}}
            server: {{server}}
            tokenFile: {{folder.FullName}}/token
            state: {{folder.FullName}}/state
            listen: 127.0.0.1:9474
            capture: {{capture}}
            discover: { service: 1s }
            """);
        if (asNobody)
        {
            // Where everybody may read it: the sources may be in a folder of root's.
            dll = Path.Combine(folder.FullName, "bin", Path.GetFileName(Dll));
            host.Space.Exec("cp", "-r", Path.GetDirectoryName(Dll)!, Path.Combine(folder.FullName, "bin"));
            host.Space.Exec("chown", "-R", $"{Nobody}:{Nobody}", folder.FullName);
            privilege = $"setpriv --reuid={Nobody} --regid={Nobody} --clear-groups --no-new-privs "
                + "--inh-caps=-all,+net_raw,+bpf --ambient-caps=-all,+net_raw,+bpf --bounding-set=-all,+net_raw,+bpf ";
        }

        var told = Path.Combine(folder.FullName, "notify");
        keeper = new DescriptorKeeper(told);
        host.Space.Exec("chmod", "666", told);
        process = Launch();
    }

    /// <summary>What each of its threads may do: user, and capabilities as the kernel prints them.</summary>
    public IReadOnlySet<string> Privileges => Directory.GetDirectories($"/proc/{process.Id}/task")
        .Select(task => File.ReadAllLines(Path.Combine(task, "status")))
        .Select(lines => string.Join(' ', lines.Where(line => line.StartsWith("Uid", StringComparison.Ordinal)
            || line.StartsWith("CapPrm", StringComparison.Ordinal) || line.StartsWith("CapAmb", StringComparison.Ordinal)))
            .Replace('\t', ' '))
        .ToHashSet();

    private string LogFile => Path.Combine(folder.FullName, "log");

    /// <summary>What it said.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    /// <summary>Ends it as kill -9 does, at this instant.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    public void Start() => process = Launch();

    /// <summary>Its status once something holds of it.</summary>
    public async Task<SensorStatus> Until(Func<SensorStatus, bool> holds)
    {
        while (true)
        {
            process.HasExited.ShouldBeFalse(Log);
            try
            {
                var status = await http.GetFromJsonAsync(
                    "http://127.0.0.1:9474/status", SensorStatusJson.Default.SensorStatus, TestContext.Current.CancellationToken);
                if (holds(status!))
                {
                    return status!;
                }
            }
            catch (HttpRequestException)
            {
                // It is not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Its metrics.</summary>
    public Task<string> Metrics() => http.GetStringAsync(new Uri("http://127.0.0.1:9474/metrics"), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        Kill();
        keeper.Dispose();
        http.Dispose();
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    // Through a shell, which replaces itself: the process is the sensor, and its words go to a file that outlives it.
    private Process Launch() => Process.Start(new ProcessStartInfo("bash",
    [
        "-c", $"{keeper.Handing}exec ip netns exec {host.Space.Name} {privilege}dotnet {dll} sensor run --config {folder.FullName}/sensor.yaml >>{LogFile} 2>&1",
    ]))!;
}
