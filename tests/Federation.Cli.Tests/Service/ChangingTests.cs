using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class ChangingTests
{
    [Fact]
    public async Task A_folder_of_sites_is_sent_site_by_site_with_prices_resolved()
    {
        using var world = new SmallWorld();
        world.Write("feed.csv", "zone,instance_type,usd_per_hour,since\nz1,m5,0.5,2022-05-31T18:20:41Z\n");
        await using var service = await RecordedService.Start();
        service.On("PUT /v1/sites/cloud", new RecordedService.Answer(201, Recorded.Site)).On("PUT /v1/sites/grid", Recorded.Site);

        var run = await service.Run("site", "apply", "-f", world.Sites);

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Lines.ShouldBe(["site rennes created, revision 3", "site rennes configured, revision 3"]);
        service.Requests.Select(request => request.Line).ShouldBe(["PUT /v1/sites/cloud", "PUT /v1/sites/grid"]);
        service.Requests.ShouldAllBe(request => request.ContentType!.StartsWith("application/json"));
        service.Requests[0].Body.ShouldContain("\"price\":0.2");
    }

    [Fact]
    public async Task One_fault_in_a_folder_stops_all_of_it()
    {
        using var world = new SmallWorld();
        world.Write("sites/grid.yaml", "site: grid\n");
        await using var service = await RecordedService.Start();

        var run = await service.Run("site", "apply", "-f", world.Sites);

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain("grid.yaml:1: kind: is missing");
        service.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_site_file_is_sent_alone()
    {
        using var world = new SmallWorld();
        await using var service = await RecordedService.Start();
        service.On("PUT /v1/sites/grid", Recorded.Site);

        var run = await service.Run("site", "apply", "-f", Path.Combine(world.Sites, "grid.yaml"));

        run.ExitCode.ShouldBe(ExitCode.Done);
        service.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_application_is_sent_as_its_file_says()
    {
        using var world = new SmallWorld();
        await using var service = await RecordedService.Start();
        service.On("PUT /v1/applications/cg", new RecordedService.Answer(201, Recorded.Application));
        var file = world.Application();

        var run = await service.Run("app", "apply", "--yes", "-f", file);

        run.Out.ShouldBe("application cg created, version 2.1\n");
        service.Requests.Single().Body.ShouldBe(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        service.Requests.Single().ContentType!.ShouldStartWith("application/yaml");
    }

    [Fact]
    public async Task An_application_can_be_taken_off()
    {
        await using var service = await RecordedService.Start();
        service.On("DELETE /v1/applications/cg", new RecordedService.Answer(204, ""));

        var run = await service.Run("app", "delete", "cg", "--yes");

        run.ExitCode.ShouldBe(ExitCode.Done);
        service.Requests.Single().Line.ShouldBe("DELETE /v1/applications/cg");
    }
}
