using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Flow;

public sealed class RestartTests
{
    [Fact]
    public async Task A_restart_loses_nothing()
    {
        var paths = new List<string>
        {
            "/v1/sites", "/v1/vms", "/v1/applications/cg/groups", "/v1/plans", "/v1/plans/cg.1.1/view", "/v1/events?limit=1000", "/v1/migrations",
        };
        var folder = new ServiceFolder { IsKept = true };
        var before = new List<string>();
        await using (var service = await RunningService.Start(folder))
        {
            await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application()]);
            await service.Replay("phases", "cg");
            await service.Plan("cg");
            await service.Carry("cg.1.1");
            await service.Apply(SampleFiles.Site("cheap", 2));
            await service.Happened("plan astro/cg.1.2 (a site changed)", "plan.proposed");
            (await service.Carry("cg.1.2")).ShouldBe("plan.applied");
            var last = (await service.Read("/v1/applications/cg/vms/vm1")).GetProperty("lastWindow").GetDateTimeOffset();
            paths.Add($"/v1/applications/cg/traffic?windows=6&as=detailed&until={last.AddSeconds(30).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
            foreach (var path in paths)
            {
                before.Add(await Text(service, path));
            }
        }

        folder.IsKept = false;
        await using var again = await RunningService.Start(folder);
        for (var i = 0; i < paths.Count; i++)
        {
            (await Text(again, paths[i])).ShouldBe(before[i], paths[i]);
        }
    }

    private static async Task<string> Text(RunningService service, string path)
    {
        using var response = await service.Get(path);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
