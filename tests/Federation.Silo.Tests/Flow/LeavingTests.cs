using System.Text.Json;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Flow;

public sealed class LeavingTests
{
    [Fact]
    public async Task A_grid_that_closes_before_the_application_ends_is_left_in_time_by_the_service_itself()
    {
        await using var service = await RunningService.Start();
        var until = TimeProvider.System.GetUtcNow().AddSeconds(45);
        await service.Apply(
            SampleFiles.Site("cheap", 100),
            SampleFiles.Site("grid", 0, kind: "grid", more: $"availability: [{{ from: 2026-01-01T00:00Z, until: {until:yyyy-MM-dd'T'HH:mm:ss'Z'} }}]"),
            SampleFiles.Application(vms: 1));
        var plan = await service.Plan("cg");
        plan.GetProperty("placement")[0].GetProperty("site").GetString().ShouldBe("grid");
        plan.GetProperty("later")[0].GetProperty("to").GetProperty("site").GetString().ShouldBe("cheap");
        plan.GetProperty("leaveAt").GetDateTimeOffset().ShouldBeLessThan(until);

        (await service.Carry("cg.1.1")).ShouldBe("plan.applied");
        (await Site(service)).ShouldBe("grid");
        (await service.Happened("plan astro/cg.1.2 was applied", "plan.applied")).ShouldBe("plan.applied");

        (await Site(service)).ShouldBe("cheap");
        var moved = (await service.Read("/v1/migrations?application=cg"))[0].GetProperty("endedAt").GetDateTimeOffset();
        moved.ShouldBeLessThan(until);
        (await service.Read("/v1/sites/grid")).GetProperty("holds").GetArrayLength().ShouldBe(0);
    }

    private static async Task<string?> Site(RunningService service)
    {
        JsonElement vm = (await service.Read("/v1/applications/cg")).GetProperty("vms")[0];
        return vm.GetProperty("at").GetProperty("site").GetString();
    }
}
