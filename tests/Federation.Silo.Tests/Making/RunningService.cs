using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Federation.Silo.Hosting;
using Federation.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace Federation.Silo.Tests.Making;

/// <summary>The whole service as an operator starts it, in this process, on free ports, over a folder of the test's own.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ServiceFolder folder;

    private RunningService(WebApplication app, ServiceFolder folder, int siloPort, HttpMessageHandler? handler)
    {
        (this.app, this.folder) = (app, folder);
        Address = new Uri(app.Urls.Single());
        SiloPort = siloPort;
        // Who asks before he sends waits for the answer, on a slow machine too.
        Stranger = new HttpClient(handler ?? new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = Address };
        Http = new HttpClient(handler ?? new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = Address };
        Http.DefaultRequestHeaders.Authorization = HasToken ? new AuthenticationHeaderValue("Bearer", Token) : null;
    }

    public Uri Address { get; }

    public int SiloPort { get; }

    public string Folder => folder.Path;

    public IServiceProvider Services => app.Services;

    /// <summary>All routes that the service answers on.</summary>
    public IEnumerable<RouteEndpoint> Routes => app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private bool HasToken => File.Exists(Path.Combine(folder.Path, "token"));

    public string Token => File.ReadAllText(Path.Combine(folder.Path, "token"));

    /// <summary>Sends the token.</summary>
    public HttpClient Http { get; }

    /// <summary>Sends none.</summary>
    public HttpClient Stranger { get; }

    public static Task<RunningService> Start(params string[] settings) => Start(new ServiceFolder(), settings);

    public static Task<RunningService> Start(ServiceFolder folder, params string[] settings) => Start(folder, null, null, settings);

    /// <summary>Starts one that is reached in a certain way, such as with a certificate, or that has a part of the test's own.</summary>
    public static async Task<RunningService> Start(
        ServiceFolder folder, HttpMessageHandler? handler, Action<WebApplicationBuilder>? also, params string[] settings)
    {
        folder.Users++;
        var siloPort = FreePort.Take();
        var app = FederationHost.Build([
            "--urls", "http://127.0.0.1:0",
            $"--Federation:Data={folder.Path}",
            $"--Federation:SiloPort={siloPort}",
            "--Federation:SimulatedTimeScale=0",
            // Orleans' instruments are static: each service of a process would count those of all that were before it as well.
            "--Federation:Telemetry:Metrics=false",
            "--Federation:Moves:PersistenceWindows=1",
            "--Federation:Moves:LeaveEarlySeconds=5",
            "--Logging:LogLevel:Default=None",
            "--Logging:LogLevel:Federation=None",
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime=None",
            .. settings,
        ], also);
        await app.StartAsync();
        return new RunningService(app, folder, siloPort, handler);
    }

    public Task<HttpResponseMessage> Put(string path, string text) =>
        Http.PutAsync(new Uri(path, UriKind.Relative), new StringContent(text, Encoding.UTF8, "application/yaml"));

    public Task<HttpResponseMessage> Post(string path, string json = "{}") =>
        Http.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<HttpResponseMessage> Get(string path) => Http.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>The body of a GET that has to succeed.</summary>
    public async Task<JsonElement> Read(string path)
    {
        using var response = await Get(path);
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Applies files that have to be taken.</summary>
    public async Task Apply(params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            using var response = await Put(path, text);
            response.IsSuccessStatusCode.ShouldBeTrue($"{path}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>Makes a plan and returns it.</summary>
    public async Task<JsonElement> Plan(string application)
    {
        using var response = await Post($"/v1/applications/{application}/plans");
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.Created, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Applies a plan and waits for the event that tells of its end.</summary>
    public async Task<string> Carry(string plan)
    {
        using var response = await Post($"/v1/plans/{plan}/apply");
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        return await Happened($"plan astro/{plan} ", "plan.applied", "plan.failed");
    }

    /// <summary>Waits for an event of one of these kinds whose text begins so; its kind.</summary>
    public async Task<string> Happened(string text, params string[] kinds)
    {
        for (var after = 0L; ;)
        {
            foreach (var happened in (await Read($"/v1/events?after={after}&wait=30&limit=1000")).EnumerateArray())
            {
                after = happened.GetProperty("sequence").GetInt64();
                var kind = happened.GetProperty("kind").GetString()!;
                if (kinds.Contains(kind) && happened.GetProperty("text").GetString()!.StartsWith(text, StringComparison.Ordinal))
                {
                    return kind;
                }
            }
        }
    }

    /// <summary>Has it stop, as an operator does; returns once it stands still.</summary>
    public Task Stop() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Stranger.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Leave();
    }
}

/// <summary>A data folder that outlives a restart, deleted with the last service that uses it.</summary>
internal sealed class ServiceFolder
{
    public string Path { get; } = Directory.CreateTempSubdirectory("federation-silo-").FullName;

    public int Users { get; set; }

    /// <summary>Whether the folder stays when a service ends, for the next one.</summary>
    public bool IsKept { get; set; }

    public void Leave()
    {
        if (--Users == 0 && !IsKept)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
