using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class MoveTests
{
    private const string Asks = "POST /v1/applications/cg/plans?wait=1";

    [Fact]
    public async Task A_plan_is_made_for_the_wanted_move_shown_and_left_alone()
    {
        await using var service = await RecordedService.Start();
        service.On(Asks, new RecordedService.Answer(201, Recorded.Plan()));

        var run = await service.Run("vm", "move", "cg/vm1", "rennes");

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(ExitCode.Pending);
        run.Out.ShouldContain("Plan cg.1.1 (proposed) for application cg");
        var asked = service.Requests.ShouldHaveSingleItem();
        asked.Body.ShouldContain("\"move\":{\"vm\":\"vm1\",\"site\":\"rennes\"}");
    }

    [Fact]
    public async Task A_move_that_cannot_be_has_the_exit_code_of_an_infeasible_plan_and_is_not_applied()
    {
        await using var service = await RecordedService.Start();
        service.On(Asks, new RecordedService.Answer(201, Recorded.Plan(decision: "infeasible")));
        var run = await service.Run("vm", "move", "cg/vm1", "rennes", "--apply", "--yes");
        run.ExitCode.ShouldBe(ExitCode.Infeasible);
        service.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_refusal_of_the_service_is_said()
    {
        await using var service = await RecordedService.Start();
        service.On(Asks, new RecordedService.Answer(409, """{"title":"Conflict","detail":"vm1 is at rennes already"}"""));
        var run = await service.Run("vm", "move", "cg/vm1", "rennes");
        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain("vm1 is at rennes already");
    }

    [Theory]
    [InlineData("y\n", true)]
    [InlineData("n\n", false)]
    public async Task With_apply_it_asks_with_the_figures_of_the_plan_and_then_applies_it(string answer, bool isDone)
    {
        await using var service = await RecordedService.Start();
        service.On(Asks, new RecordedService.Answer(201, Recorded.Plan())).On("GET /v1/plans/cg.1.1", Recorded.Plan()).On("GET /v1/sites", $"[{Recorded.Site}]")
            .On("POST /v1/plans/cg.1.1/apply", new RecordedService.Answer(202, Recorded.Applied("applying")));

        var run = await service.RunAnswering(answer, "vm", "move", "cg/vm1", "rennes", "--apply", "--no-wait");

        run.Error.ShouldContain("Plan cg.1.1 moves 1 VM (1 to rennes)");
        run.Error.ShouldContain("Apply it? [y/N]");
        run.ExitCode.ShouldBe(isDone ? ExitCode.Done : ExitCode.Error);
        service.Requests.Any(request => request.Line == "POST /v1/plans/cg.1.1/apply").ShouldBe(isDone);
    }

    [Fact]
    public async Task An_application_can_be_named_with_its_tenant()
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/applications/astro%2Fcg/plans?wait=1", new RecordedService.Answer(201, Recorded.Plan()));
        (await service.Run("vm", "move", "astro/cg/vm1", "rennes")).ExitCode.ShouldBe(ExitCode.Pending);
    }
}
