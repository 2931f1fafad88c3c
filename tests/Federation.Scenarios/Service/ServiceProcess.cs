using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Reflection;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Service;

/// <summary>The service as a process of its own over a data folder, to be killed and started again at the same addresses.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly string Dll = Path.GetFullPath(typeof(ServiceProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Silo").Value!);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-service-");
    private readonly int port = FreePort();
    private readonly int siloPort = FreePort();
    private readonly string[] settings;
    private Process process;

    private ServiceProcess(string[] settings)
    {
        this.settings = settings;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        process = Launch();
    }

    /// <summary>Sends the token.</summary>
    public HttpClient Http { get; }

    public string Data => folder.FullName;

    public string Token => File.ReadAllText(Path.Combine(Data, "token"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<ServiceProcess> Start(params string[] settings)
    {
        var service = new ServiceProcess(settings);
        await service.Ready();
        return service;
    }

    /// <summary>Ends it as kill -9 does, at this instant.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>Stops it as it is, in the middle of whatever it does: it neither ends nor answers (SIGSTOP).</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>Lets it go on as if nothing had been (SIGCONT).</summary>
    public void Thaw() => Signal("CONT");

    /// <summary>Whether it has not ended.</summary>
    public bool Runs => !process.HasExited;

    /// <summary>Waits until it has ended by itself.</summary>
    public Task Ended() => process.WaitForExitAsync(Cancel);

    /// <summary>Starts it again after it was killed, and waits until it is ready.</summary>
    public async Task Restart()
    {
        process = Launch();
        await Ready();
    }

    /// <summary>Waits until it answers as ready.</summary>
    public async Task Ready()
    {
        while (true)
        {
            process.HasExited.ShouldBeFalse("the service has ended by itself: see its output");
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
        Http.Dispose();
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    private Process Launch() => Process.Start(new ProcessStartInfo("dotnet",
    [
        Dll, "--urls", $"http://127.0.0.1:{port}", $"--Federation:Data={Data}",
        $"--Federation:SiloPort={siloPort}", "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Federation=Error",
        "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error", .. settings,
    ]))!;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
