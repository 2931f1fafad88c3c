using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Cluster;

/// <summary>An application of three VMs that moves whenever it is told to: the site where it is becomes dear, all others cheap.</summary>
internal sealed class MovingApplication(Caller caller)
{
    private const string Application = """
        application: moves
        tenant: bio
        objective: cost
        remaining: 20h
        vms: { count: 3, prefix: vm, firstAddress: 10.43.0.1, vcpus: 2, memory: 4GiB, dirtyRate: 20MB/s }
        """;

    private string plan = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Submits it and starts its VMs.</summary>
    public async Task Place()
    {
        await caller.Send(HttpMethod.Put, "/v1/applications/moves", Application);
        await Begin();
        (await Ends()).ShouldBe("applied");
    }

    /// <summary>Moves it, and waits until that has ended: there, or back where it was.</summary>
    /// <returns>How the plan stands: applied, failed; proposed if there was nothing to move.</returns>
    public async Task<string> Move()
    {
        await Begin();
        return await Ends();
    }

    /// <summary>Makes a plan and has it applied. Where the world changes in between, as it does when silos go, makes another.</summary>
    public async Task Begin()
    {
        if ((await Vms()).Select(SiteOf).FirstOrDefault(site => site is not null) is { } here)
        {
            foreach (var site in ThreeSites.Names)
            {
                await caller.Send(HttpMethod.Put, $"/v1/sites/{site}", ThreeSites.Description(site, site == here ? "2.00" : "0.10"));
            }
        }

        while (true)
        {
            var made = await caller.Send(HttpMethod.Post, "/v1/applications/moves/plans", """{ "timeLimitSeconds": 2 }""");
            plan = made.GetProperty("id").GetString()!;
            if (made.GetProperty("decision").GetString() is "stay" or "infeasible")
            {
                return;
            }

            var (status, _) = await caller.Ask(HttpMethod.Post, $"/v1/plans/{plan}/apply", "{}");
            if (status is HttpStatusCode.OK or HttpStatusCode.Accepted)
            {
                return;
            }

            status.ShouldBe(HttpStatusCode.Conflict);
        }
    }

    /// <summary>Waits until the plan has ended.</summary>
    public async Task<string> Ends()
    {
        while (true)
        {
            var stored = await caller.Send(HttpMethod.Get, $"/v1/plans/{plan}");
            var state = stored.GetProperty("state").GetString()!;
            if (state is not "applying")
            {
                return state;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancel);
        }
    }

    /// <summary>Each VM runs once, where the service says it is, holds one place there and none elsewhere; nothing is reserved or leaving.</summary>
    public async Task IsWhole(ThreeSites sites)
    {
        var vms = await Vms();
        vms.Count.ShouldBe(3);
        var holds = (await caller.Send(HttpMethod.Get, "/v1/sites")).EnumerateArray()
            .SelectMany(site => site.GetProperty("holds").EnumerateArray().Where(hold => hold.GetProperty("application").GetString() == "moves")
                .Select(hold => (Vm: hold.GetProperty("vm").GetString(), Site: site.GetProperty("site").GetString(), State: hold.GetProperty("state").GetString())))
            .ToList();
        holds.Select(hold => (hold.Vm, hold.Site, hold.State)).Order()
            .ShouldBe(vms.Select(vm => (vm.GetProperty("vm").GetString(), SiteOf(vm), (string?)"occupied")).Order());
        foreach (var vm in vms)
        {
            var file = Path.Combine(sites.Hypervisor, Uri.EscapeDataString("bio/moves.1"), $"{vm.GetProperty("vm").GetString()}.json");
            var copy = JsonDocument.Parse(await File.ReadAllTextAsync(file, Cancel)).RootElement.GetProperty("instances").EnumerateArray().ShouldHaveSingleItem();
            copy.GetProperty("state").GetString().ShouldBe("running");
            copy.ToString().ShouldContain(SiteOf(vm)!);
        }
    }

    private async Task<List<JsonElement>> Vms() =>
        [.. (await caller.Send(HttpMethod.Get, "/v1/vms?application=moves")).EnumerateArray()];

    private static string? SiteOf(JsonElement vm) =>
        vm.GetProperty("at") is { ValueKind: JsonValueKind.Object } at ? at.GetProperty("site").GetString() : null;
}
