using System.Net;
using System.Text.Json;
using Federation.Scenarios.Cluster;
using Shouldly;

namespace Federation.Scenarios.Hosts;

/// <summary>An application of one VM in a lab: it is placed, moved as people move it, and taken away.</summary>
/// <param name="hosted">The lab.</param>
/// <param name="name">The application's name.</param>
/// <param name="number">Tells its address, 1 to 250.</param>
/// <param name="load">What it does with its memory, as tests/guests/pages.c says; unless said, it rewrites it without a rest.</param>
internal sealed class HostedVm(HostedLab hosted, string name, int number, string load = "hot=64 cold=16 busy")
{
    private readonly Caller service = hosted.Service;

    /// <summary>The plan that was begun last.</summary>
    public string Plan { get; private set; } = "";

    /// <summary>Starts it at the first site.</summary>
    /// <returns>The host that it runs on.</returns>
    public async Task<HostLab.RealHost> Place()
    {
        await Place(hosted.Application(name, number, load), vms: 1);
        return hosted.Lab.Hosts[hosted.IndexOf(hosted.Lab.Watcher.Running[0])];
    }

    /// <summary>Starts it as it is described, which may be of several VMs.</summary>
    public async Task Place(string description, int vms)
    {
        await hosted.Prefer("north");
        await service.Send(HttpMethod.Put, $"/v1/applications/{name}", description);
        await Apply();
        await Ends();
        await Waiting.Until(() => hosted.Lab.Watcher.Running.Length == vms);
    }

    /// <summary>Makes a site the cheaper one and has the plan applied that this suggests.</summary>
    /// <param name="site">The site.</param>
    /// <param name="isLive">Whether sites let it move live; otherwise it moves cold.</param>
    public async Task BeginMove(string site, bool isLive = true)
    {
        await hosted.Prefer(site, isLive);
        await Apply();
    }

    /// <summary>Has a host drained that it runs on: a plan that moves it to another one is made and applied.</summary>
    public async Task BeginDrain(string site, string host)
    {
        await service.Send(HttpMethod.Post, $"/v1/sites/{site}/hosts/{host}/drain", "{}");
        await Waiting.Until(async () =>
        {
            var plans = (await service.Send(HttpMethod.Get, $"/v1/sites/{site}/hosts/{host}")).GetProperty("plans").EnumerateArray();
            return plans.FirstOrDefault(plan => plan.GetProperty("application").GetString() == name) is { ValueKind: not JsonValueKind.Undefined } made
                && (Plan = made.GetProperty("plan").GetString()!).Length > 0;
        });
    }

    /// <summary>Waits until the plan has ended; how it stands.</summary>
    public async Task<string> Ends()
    {
        var state = "";
        await Waiting.Until(async () => (state = await State()) is not ("applying" or "proposed"));
        return state;
    }

    /// <summary>How the plan stands.</summary>
    public async Task<string> State() => (await service.Send(HttpMethod.Get, $"/v1/plans/{Plan}")).GetProperty("state").GetString()!;

    /// <summary>Its newest migration; undefined: none was begun.</summary>
    public async Task<JsonElement> Migration() => (await service.Send(HttpMethod.Get, $"/v1/migrations?plan={Plan}")).EnumerateArray()
        .OrderBy(migration => migration.GetProperty("startedAt").GetDateTimeOffset()).LastOrDefault();

    /// <summary>What the service says of it.</summary>
    public async Task<JsonElement> Vm() => (await service.Send(HttpMethod.Get, $"/v1/vms?application={name}")).EnumerateArray().Single();

    /// <summary>Takes the application away, its VM with it.</summary>
    /// <remarks>Where a silo was killed, the application may hear later than others that its plan has ended. One that is gone by now was deleted by a call whose answer was not waited for.</remarks>
    public Task Delete() => Waiting.Until(async () => (await service.Ask(HttpMethod.Delete, $"/v1/applications/{name}")).Status is HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.NotFound);

    // Where the world changes between a plan and its application, as it does when silos go, another plan is made.
    private async Task Apply()
    {
        do
        {
            Plan = (await service.Send(HttpMethod.Post, $"/v1/applications/{name}/plans", """{ "timeLimitSeconds": 2 }""")).GetProperty("id").GetString()!;
            var (status, no) = await service.Ask(HttpMethod.Post, $"/v1/plans/{Plan}/apply", "{}");
            status.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.Conflict], $"{no}");
        }
        while (await State() is "proposed" or "superseded");
    }
}
