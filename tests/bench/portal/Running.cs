using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Federation.Testing;

namespace Federation.Portal.Bench;

/// <summary>A silo and a portal, each a process of its own, on loopback: what each costs can be told apart.</summary>
internal sealed class Running : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-portal-bench-");
    private readonly Process silo;
    private Process? portal;

    private Running()
    {
        var (port, siloPort, gateway) = (FreePort.Take(), FreePort.Take(), FreePort.Take());
        (Gateway, Http) = (gateway, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(4) });
        silo = Start("Federation.Silo.dll", $"--urls=http://127.0.0.1:{port}", $"--Federation:Data={folder.FullName}", $"--Federation:SiloPort={siloPort}", $"--Federation:GatewayPort={gateway}",
            "--Federation:SensorWindowsPerSecond=1000000", "--Federation:SensorBurstWindows=1000000");
    }

    public HttpClient Http { get; }

    public int Gateway { get; }

    public int SiloProcess => silo.Id;

    public int PortalProcess => portal!.Id;

    public Uri Portal { get; private set; } = null!;

    public string Folder => folder.FullName;

    public static async Task<Running> Begin()
    {
        var running = new Running();
        await Answers(running.Http, new Uri("/health/ready", UriKind.Relative), running.silo);
        running.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(running.Folder, "token"))).Trim());
        running.Portal = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        running.portal = Start("Federation.PortalHost.dll", $"--urls={running.Portal}", $"--Portal:Gateways=127.0.0.1:{running.Gateway}");
        using var http = new HttpClient();
        await Answers(http, new Uri(running.Portal, "/portal/sign-in"), running.portal);
        return running;
    }

    public async Task Put(string path, string text)
    {
        using var body = new StringContent(text, Encoding.UTF8, "application/yaml");
        using var answer = await Http.PutAsync(new Uri(path, UriKind.Relative), body);
        await Succeeded(answer);
    }

    public async Task Post(string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync(new Uri(path, UriKind.Relative), body);
        await Succeeded(answer);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (Process?[])[portal, silo])
        {
            process?.Kill();
            await (process?.WaitForExitAsync() ?? Task.CompletedTask);
            process?.Dispose();
        }

        Http.Dispose();
        folder.Delete(recursive: true);
    }

    private static Process Start(string program, params string[] settings) => Process.Start(new ProcessStartInfo("dotnet",
        [Path.Combine(AppContext.BaseDirectory, program), .. settings, "--contentRoot", AppContext.BaseDirectory, "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Federation=Error", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error"])
    {
        RedirectStandardOutput = true,
    })!;

    private static async Task Answers(HttpClient http, Uri address, Process process)
    {
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(address);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                // It starts.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private static async Task Succeeded(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
