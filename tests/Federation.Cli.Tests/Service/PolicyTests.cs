using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class PolicyTests
{
    private const string Pending = """
        {"site":"grid","revision":3,"changes":[{"key":"policy.tenants","before":null,"after":"[\"bio\"]"}],
         "affected":[{"application":"cg","name":"vm1","reason":"policy: grid does not admit tenant astro"}]}
        """;

    [Fact]
    public async Task A_dry_run_shows_what_changes_and_whom_and_changes_nothing()
    {
        using var world = new SmallWorld();
        await using var service = await RecordedService.Start();
        service.On("POST /v1/sites/grid/diff", Pending);

        foreach (var command in (string[][])[["policy", "diff"], ["policy", "apply", "--dry-run"]])
        {
            var run = await service.Run([.. command, "-f", Path.Combine(world.Sites, "grid.yaml")]);
            run.ExitCode.ShouldBe(ExitCode.Pending);
            run.Lines.ShouldContain("policy.tenants  -       [\"bio\"]");
            run.Lines.ShouldContain("cg           vm1  policy: grid does not admit tenant astro");
        }

        service.Requests.ShouldAllBe(request => request.Line == "POST /v1/sites/grid/diff");
    }

    [Fact]
    public async Task Applying_shows_the_same_and_then_does_it_unless_there_is_nothing_to_do()
    {
        using var world = new SmallWorld();
        await using var service = await RecordedService.Start();
        service.On("POST /v1/sites/grid/diff", Pending, """{"site":"grid","revision":4,"changes":[],"affected":[]}""").On("PUT /v1/sites/grid", Recorded.Site);
        string[] command = ["policy", "apply", "-f", Path.Combine(world.Sites, "grid.yaml")];

        var first = await service.Run(command);
        first.ExitCode.ShouldBe(ExitCode.Done);
        first.Out.ShouldContain("configured, revision 3");
        (await service.Run(command)).Out.ShouldBe("site grid: nothing changes\n");
        service.Requests.Count(request => request.Line.StartsWith("PUT", StringComparison.Ordinal)).ShouldBe(1);
    }
}
