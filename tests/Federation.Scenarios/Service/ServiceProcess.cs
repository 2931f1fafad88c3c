using System.Diagnostics;
using System.Net.Http.Headers;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Service;

/// <summary>The service as a process of its own over a data folder, to be killed and started again at the same addresses.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const string DataSetting = "--Federation:Data=";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-service-");
    private readonly int port = FreePort.Take();
    private readonly int siloPort = FreePort.Take();
    private readonly string[] settings;
    private Build build;
    private Process process;

    private ServiceProcess(Build build, string[] settings)
    {
        (this.build, this.settings) = (build, settings);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        process = Launch();
    }

    /// <summary>Sends the token.</summary>
    public HttpClient Http { get; }

    /// <summary>Its data folder: one of its own, unless its settings name one.</summary>
    public string Data => settings.FirstOrDefault(setting => setting.StartsWith(DataSetting, StringComparison.Ordinal))?[DataSetting.Length..] ?? folder.FullName;

    public string Token => File.ReadAllText(Path.Combine(Data, "token"));

    /// <summary>The last of what it said, a line each, without the stacks of its faults.</summary>
    private string LastWords => File.Exists(LogFile)
        ? string.Join('\n', File.ReadLines(LogFile).Where(line => !line.TrimStart().StartsWith("at ", StringComparison.Ordinal)).TakeLast(40))
        : "";

    /// <summary>All that it has said, a line each.</summary>
    public string[] Words => File.ReadAllLines(LogFile);

    private string LogFile => Path.Combine(folder.FullName, "log");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts it, and waits for nothing.</summary>
    public static ServiceProcess Launched(params string[] settings) => new(Build.This, settings);

    /// <summary>Starts it and waits until it is ready.</summary>
    public static Task<ServiceProcess> Start(params string[] settings) => Start(Build.This, settings);

    /// <summary>Starts one of a certain build and waits until it is ready.</summary>
    public static async Task<ServiceProcess> Start(Build build, params string[] settings)
    {
        var service = new ServiceProcess(build, settings);
        await service.Ready();
        return service;
    }

    /// <summary>Ends it as kill -9 does, at this instant.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Ends it as an upgrade does.</summary>
    public Task Stop()
    {
        Signal("TERM");
        return Ended();
    }

    /// <summary>Stops it as it is, in the middle of whatever it does: it neither ends nor answers (SIGSTOP).</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>Lets it go on as if nothing had been (SIGCONT).</summary>
    public void Thaw() => Signal("CONT");

    /// <summary>Whether it has not ended.</summary>
    public bool Runs => !process.HasExited;

    /// <summary>Waits until it has ended by itself; its exit code.</summary>
    public async Task<int> Ended()
    {
        await process.WaitForExitAsync(Cancel);
        return process.ExitCode;
    }

    /// <summary>Starts it again after it was killed, and waits until it is ready.</summary>
    public async Task Restart()
    {
        process.Dispose();
        process = Launch();
        await Ready();
    }

    /// <summary>Ends it as an operator does, and starts another build of it.</summary>
    public async Task Upgrade(Build to)
    {
        await Stop();
        build = to;
        await Restart();
    }

    /// <summary>Waits until it answers as ready.</summary>
    public async Task Ready()
    {
        while (true)
        {
            process.HasExited.ShouldBeFalse(LastWords);
            try
            {
                using var response = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancel);
                if (response.IsSuccessStatusCode)
                {
                    Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It is not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancel);
        }
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        process.Dispose();
        Http.Dispose();

        // Shown if the test failed.
        TestContext.Current.TestOutputHelper?.WriteLine($"The service on port {port} said at last:\n{LastWords}");
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    // Through a shell, which replaces itself: the process is the service, and its words go to a file.
    private Process Launch() => Process.Start(new ProcessStartInfo("bash",
    [
        "-c", $"exec \"$@\" >>{LogFile} 2>&1", "bash",
        "dotnet", build.Silo, "--urls", $"http://127.0.0.1:{port}", $"{DataSetting}{Data}",
        $"--Federation:SiloPort={siloPort}", "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Federation=Error",
        "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error", .. settings,
    ]))!;
}
