using System.Net;
using System.Text;
using System.Text.Json;
using Federation.Domain.Traffic;
using Federation.Scenarios.Service;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Sensors;

/// <summary>Two hosts of one site with a bridge and a sensor each, three VMs and a file server, and the service; all real processes.</summary>
internal sealed class SensorLab : IAsyncDisposable
{
    private readonly List<IDisposable> parts = [];

    private SensorLab(ServiceProcess service)
    {
        Service = service;
        // Names of interfaces are short, and several labs may be there at once.
        var name = $"f{Random()}";
        (HostA, HostB) = (Add(new LabHost($"{name}a")), Add(new LabHost($"{name}b")));
        LabHost.Join(HostA, HostB);
        Vms = [Add(new LabVm(name, 1, HostA)), Add(new LabVm(name, 2, HostA)), Add(new LabVm(name, 3, HostB))];
        FileServer = Add(new LabVm(name, 9, HostA));
        (LineA, LineB) = (new CuttableLine(HostA.Space, service.Http.BaseAddress!), new CuttableLine(HostB.Space, service.Http.BaseAddress!));
    }

    public ServiceProcess Service { get; }

    /// <summary>What the service keeps everything in.</summary>
    public required PostgresCluster Database { get; init; }

    public LabHost HostA { get; }

    public LabHost HostB { get; }

    public LabVm[] Vms { get; }

    public LabVm FileServer { get; }

    public CuttableLine LineA { get; }

    public CuttableLine LineB { get; }

    public SensorProcess SensorA { get; private set; } = null!;

    public SensorProcess SensorB { get; private set; } = null!;

    /// <summary>The window in which the first VM spoke its first word: what their interfaces counted, they counted from here on.</summary>
    public Window FirstWord { get; private set; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Everything up: the service knows the VMs and their hosts, the sensors watch, and no VM has said a word yet.</summary>
    /// <param name="capture">What the sensors are told to watch.</param>
    public static async Task<SensorLab> Start(string capture)
    {
        var database = await PostgresCluster.Start();
        var lab = new SensorLab(await ServiceProcess.Start($"--Federation:Database={await database.CreateDatabase("federation")}")) { Database = database };
        try
        {
            await lab.Prepare(capture);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells the service on which host a VM is.</summary>
    public Task Tell(LabVm vm, string host) => Put($"/v1/applications/lab/vms/vm{vm.Number}/host", JsonSerializer.Serialize(new { host }));

    /// <summary>A new token of a sensor.</summary>
    public async Task<string> Token(string sensor, string host) => (await Send(
        HttpMethod.Post, "/v1/sensors", JsonSerializer.Serialize(new { sensor, site = "rennes", host }))).GetProperty("token").GetString()!;

    /// <summary>Asks the service.</summary>
    public Task<JsonElement> Get(string path) => Send(HttpMethod.Get, path, null);

    public async ValueTask DisposeAsync()
    {
        if (SensorA is not null)
        {
            await SensorA.DisposeAsync();
        }

        if (SensorB is not null)
        {
            await SensorB.DisposeAsync();
        }

        await LineA.DisposeAsync();
        await LineB.DisposeAsync();
        await Service.DisposeAsync();
        await Database.DisposeAsync();
        parts.Reverse();
        parts.ForEach(part => part.Dispose());
    }

    private Task<JsonElement> Put(string path, string body) => Send(HttpMethod.Put, path, body);

    private async Task<JsonElement> Send(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Service.Http.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        response.StatusCode.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent], text);
        return text.Length > 0 ? JsonSerializer.Deserialize<JsonElement>(text) : default;
    }

    private async Task Prepare(string capture)
    {
        await Put("/v1/sites/rennes", """
            site: rennes
            kind: grid
            currency: USD
            offers: [{ name: std, vcpus: 2, memory: 4GiB, price: 0 }]
            billing: { increment: 1s, minimum: 60s }
            network: { latency: 0.1ms, bandwidth: 10Gbps, internetEgressPerGB: 0 }
            """);
        await Put("/v1/applications/lab", $$"""
            application: lab
            tenant: astro
            objective: cost
            remaining: 2h
            vms: [{{string.Join(", ", Vms.Select(vm =>
                $"{{ vm: vm{vm.Number}, addresses: [\"{vm.Mac}\", {vm.Ip}, \"{vm.Ip6}\"], vcpus: 1, memory: 1GiB, at: {{ site: rennes, offer: std }} }}"))}}]
            """);
        await Tell(Vms[0], "a");
        await Tell(Vms[1], "a");
        await Tell(Vms[2], "b");
        SensorA = new SensorProcess("sensor-a", HostA, LineA.Address, await Token("sensor-a", "a"), capture, asNobody: false);
        SensorB = new SensorProcess("sensor-b", HostB, LineB.Address, await Token("sensor-b", "b"), capture, asNobody: true);
        await SensorA.Until(status => status.Vms.Length == 2 && status.Faults.IsEmpty);
        await SensorB.Until(status => status.Vms.Length == 1 && status.Faults.IsEmpty);
        FirstWord = Window.Containing(TimeProvider.System.GetUtcNow());
        LabVm[] all = [.. Vms, FileServer];
        foreach (var vm in all)
        {
            vm.Boot();
        }

        foreach (var vm in all)
        {
            vm.Know(all);
        }

        foreach (var vm in all)
        {
            vm.Announce();
        }
    }

    private T Add<T>(T part)
        where T : IDisposable
    {
        parts.Add(part);
        return part;
    }

    private static string Random() => Guid.NewGuid().ToString("N")[..5];
}
