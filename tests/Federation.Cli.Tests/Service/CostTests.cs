using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class CostTests
{
    [Fact]
    public async Task What_an_application_has_cost_is_shown_by_time_and_site_against_staying_with_its_moves()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/applications/cg/costs", """
            {"application":"cg","currency":"USD","until":"2026-11-23T14:00:00Z",
             "total":{"hosting":3,"traffic":0.5,"moving":0.25,"sum":3.75},"stayed":{"hosting":4,"traffic":0,"moving":0,"sum":4},
             "slices":[{"from":"2026-11-23T13:00:00Z","until":"2026-11-23T14:00:00Z","partial":true,
               "sites":[{"site":"aws","cost":{"hosting":1,"traffic":0.5,"moving":0.25,"sum":1.75}},{"site":"rennes","cost":{"hosting":2,"traffic":0,"moving":0,"sum":2}}],
               "total":{"hosting":3,"traffic":0.5,"moving":0.25,"sum":3.75},"stayed":{"hosting":4,"traffic":0,"moving":0,"sum":4}}],
             "moves":[{"migration":"cg.1.2.1","at":"2026-11-23T13:20:00Z","vm":"vm1","from":{"site":"rennes","offer":"std"},"to":{"site":"aws","offer":"std"},"bytes":5000000000,"cost":0.25}]}
            """);

        var run = await service.Run("app", "costs", "cg");

        run.Out.ShouldContain("aws 1.75, rennes 2");
        run.Out.ShouldContain("a price was not known");
        run.Out.ShouldContain("cg has cost 3.75 USD up to 2026-11-23T14:00:00Z: hosting 3, traffic 0.5, moving 0.25");
        run.Out.ShouldContain("Had each VM stayed where it was first, 4 USD: 0.25 USD were saved");
        run.Lines.ShouldContain(line => line.Contains("vm1", StringComparison.Ordinal) && line.Contains("rennes/std", StringComparison.Ordinal) && line.Contains("5 GB", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_one_that_has_not_run_that_is_said()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/applications/cg/costs", """
            {"application":"cg","currency":"USD","until":null,"total":{"hosting":0,"traffic":0,"moving":0,"sum":0},"stayed":{"hosting":0,"traffic":0,"moving":0,"sum":0},"slices":[],"moves":[]}
            """);

        (await service.Run("app", "costs", "cg")).Out.ShouldContain("cg has cost nothing yet: no VM of it has run");
    }
}
