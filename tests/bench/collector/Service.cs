using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Testing;

namespace Federation.Collector.Bench;

/// <summary>The service as a process of its own, on loopback, over a database of its own or one that others have too.</summary>
/// <remarks>FEDERATION_BENCH_SERVICE names another version's Federation.Silo.dll, to be measured by the same load.</remarks>
internal sealed class Service : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-bench-");
    private readonly PostgresCluster? cluster;
    private readonly Process process;
    private readonly Task output;

    private Service(PostgresCluster? cluster, string? database, BenchCertificates? certificates, string? log, params string[] settings)
    {
        this.cluster = cluster;
        var scheme = certificates is null ? "http" : "https";
        var (port, silo) = (FreePort.Take(), FreePort.Take());
        var dll = Environment.GetEnvironmentVariable("FEDERATION_BENCH_SERVICE") ?? Path.Combine(AppContext.BaseDirectory, "Federation.Silo.dll");
        process = Process.Start(new ProcessStartInfo("dotnet",
        [
            dll, .. settings, .. certificates?.Settings ?? [], "--contentRoot", Path.GetDirectoryName(dll)!, "--urls", $"{scheme}://127.0.0.1:{port}", $"--Federation:Data={folder.FullName}",
            $"--Federation:SiloPort={silo}", "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error", .. database is null ? [] : (string[])[$"--Federation:Database={database}"],
        ])
        {
            RedirectStandardOutput = log is not null,
        })!;
        output = log is null ? Task.CompletedTask : Keep(process.StandardOutput.BaseStream, log);
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 32 };
        handler.SslOptions = certificates?.OfClient.Options() ?? handler.SslOptions;
        Http = new HttpClient(handler) { BaseAddress = new Uri($"{scheme}://127.0.0.1:{port}") };
    }

    public HttpClient Http { get; }

    public int ProcessId => process.Id;

    public bool Runs => !process.HasExited;

    /// <summary>CPU seconds of the database's processes; 0 if it is the service's own file or another's.</summary>
    public double DatabaseCpuSeconds => cluster is null ? 0 : Figures.CpuSecondsOfChildren(cluster.ProcessId) + Figures.CpuSeconds(cluster.ProcessId);

    /// <summary>Describes the load's applications, and tells how sensors name them: one life of each, or by name in the versions that knew no lives.</summary>
    public async Task<AppId[]> Apply()
    {
        var names = new AppId[Load.Applications];
        for (var number = 0; number < names.Length; number++)
        {
            using var body = new StringContent(Load.ApplicationFile(number), Encoding.UTF8, "application/yaml");
            using var response = await Http.PutAsync(new Uri($"/v1/applications/app{number}", UriKind.Relative), body);
            response.EnsureSuccessStatusCode();
            using var answer = JsonDocument.Parse(await Http.GetByteArrayAsync(new Uri($"/v1/applications/app{number}", UriKind.Relative)));
            names[number] = answer.RootElement.TryGetProperty("version", out var version)
                ? AppId.Parse($"astro/app{number}.{version.GetString()!.Split('.')[0]}")
                : AppId.Parse($"app{number}");
        }

        return names;
    }

    public static async Task<Service> Start(string kind)
    {
        var cluster = kind == "postgres" ? await PostgresCluster.Start() : null;
        return await new Service(cluster, cluster is null ? null : await cluster.CreateDatabase("federation"), null, null).Ready();
    }

    /// <summary>Starts the silo of a site over a database that the caller keeps.</summary>
    /// <param name="site">The site.</param>
    /// <param name="database">The database.</param>
    /// <param name="certificates">Whether it all goes by mutual TLS; null: in plain text.</param>
    /// <param name="log">The file that what it says goes to; null: where the program's own goes.</param>
    /// <param name="settings">More of its settings.</param>
    public static Task<Service> Start(string site, string database, BenchCertificates? certificates, string? log = null, params string[] settings) =>
        new Service(null, $"{database};Timeout=60", certificates, log, [$"--Federation:Site={site}", "--Federation:SensorWindowsPerSecond=1000000", .. settings]).Ready();

    /// <summary>A client with connections of its own; the caller disposes it.</summary>
    /// <param name="token">Its token; null: the operator's.</param>
    public HttpClient NewClient(string? token)
    {
        var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = Http.BaseAddress, Timeout = TimeSpan.FromMinutes(4) };
        client.DefaultRequestHeaders.Authorization = token is null ? Http.DefaultRequestHeaders.Authorization : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        await output;
        process.Dispose();
        Http.Dispose();
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    private static async Task Keep(Stream output, string log)
    {
        await using var file = File.Create(log);
        await output.CopyToAsync(file);
    }

    private async Task<Service> Ready()
    {
        while (!await IsReady())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        var token = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "token"));
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        return this;
    }

    private async Task<bool> IsReady()
    {
        try
        {
            using var response = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException) when (!process.HasExited)
        {
            return false;
        }
    }
}
