using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class PlanningTests
{
    private const string Migrations = "GET /v1/migrations?plan=cg.1.1";

    [Fact]
    public async Task A_plan_is_tried_in_a_world_that_is_supposed_without_being_kept()
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/applications/cg/what-if", new RecordedService.Answer(200, Recorded.Plan(decision: "migrate").Replace("\"steps\"", "\"whatIf\":[\"rennes is closed\"],\"steps\"", StringComparison.Ordinal)));

        var run = await service.Run("plan", "cg", "--what-if", "close=rennes", "--what-if", "price=aws*1.5");

        run.ExitCode.ShouldBe(ExitCode.Pending);
        run.Out.ShouldContain("rennes is closed");
        service.Requests.Single().Body.ShouldBe("""{"windows":null,"solver":null,"seed":null,"timeLimitSeconds":null,"whatIf":[{"site":"rennes","factor":null},{"site":"aws","factor":1.5}]}""");
    }

    [Theory]
    [InlineData("stay", 0)]
    [InlineData("migrate", 2)]
    [InlineData("place", 2)]
    [InlineData("infeasible", 3)]
    public async Task A_plan_says_by_its_exit_code_what_it_decides(string decision, int exitCode)
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/applications/cg/plans?wait=1", new RecordedService.Answer(201, Recorded.Plan(decision: decision)));

        var run = await service.Run("plan", "cg", "--solver", "search", "--seed", "3", "--time-limit", "5s", "--windows", "4");

        run.ExitCode.ShouldBe(exitCode);
        run.Lines[0].ShouldBe("Plan cg.1.1 (proposed) for application cg, as of 2026-11-23T18:00:00Z");
        run.Lines.ShouldContain("1  vm1  aws/m5  rennes/std-4  live   +0 ms  4.3 GB      14 s    300 ms       0               0");
        service.Requests.Single().Body.ShouldBe("""{"windows":4,"solver":"search","seed":3,"timeLimitSeconds":5}""");
    }

    [Fact]
    public async Task A_plan_that_has_to_wait_says_how_far_it_is_until_it_is_made()
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/applications/cg/plans?wait=1", new RecordedService.Answer(202, Job("waiting", 3)))
            .On("GET /v1/plans/cg.1.1/job?wait=2", Job("waiting", 3), Job("waiting", 3), Job("waiting", 1), Job("solving"), Job("made", plan: Recorded.Plan()));

        var run = await service.Run("plan", "cg");

        run.ExitCode.ShouldBe(ExitCode.Pending);
        run.Error.ShouldBe("waiting, 3 before it\nwaiting, 1 before it\nsolving, 10 s\n");
        run.Lines[0].ShouldBe("Plan cg.1.1 (proposed) for application cg, as of 2026-11-23T18:00:00Z");
    }

    [Fact]
    public async Task A_plan_can_be_left_alone_and_waited_for_later_and_one_that_will_not_be_made_says_why()
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/applications/astro%2Fcg/plans?wait=0", new RecordedService.Answer(202, Job("waiting", 3)))
            .On("GET /v1/plans/astro%2Fcg.1.1/job?wait=2", Job("made", plan: Recorded.Plan(decision: "stay")))
            .On("GET /v1/plans/cg.1.2/job?wait=2", Job("cancelled"));

        (await service.Run("plan", "astro/cg", "--detach")).Out.ShouldBe("astro/cg.1.1\n");
        (await service.Run("plan", "wait", "astro/cg.1.1")).ExitCode.ShouldBe(ExitCode.Done);
        var cancelled = await service.Run("plan", "wait", "cg.1.2");
        (cancelled.ExitCode, cancelled.Error).ShouldBe((ExitCode.Error, "fedctl: as the service says it\n"));
    }

    [Fact]
    public async Task Stopping_the_command_cancels_the_plan_that_it_waits_for()
    {
        await using var service = await RecordedService.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        service.On("POST /v1/applications/cg/plans?wait=1", new RecordedService.Answer(202, Job("waiting", 3)))
            .On("GET /v1/plans/cg.1.1/job?wait=2", Job("waiting", 3))
            .On("DELETE /v1/plans/cg.1.1/job", Job("cancelled"));

        var running = CommandRun.Until(
            new() { ["FEDCTL_SERVER"] = service.Address, ["FEDCTL_TOKEN"] = "s3cret" }, ["plan", "cg"], null, stop.Token);
        while (service.Requests.Count < 3)
        {
            await Task.Yield();
        }

        await stop.CancelAsync();
        (await running).Error.ShouldEndWith("plan cg.1.1 cancelled\nfedctl: stopped\n");
        // A question that was on its way when the command was stopped may come in after it.
        service.Requests.Count(request => request.Line == "DELETE /v1/plans/cg.1.1/job").ShouldBe(1);
    }

    [Fact]
    public async Task The_noun_and_the_verb_share_a_name()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/plans?application=cg", $"[{Recorded.Plan()}]").On("GET /v1/plans/cg.1.1", Recorded.Plan())
            .On("POST /v1/applications/list/plans?wait=1", Recorded.Plan());

        (await service.Run("plan", "list", "--app", "cg")).Lines
            .ShouldContain("cg.1.1  cg           2026-11-23T18:00:00Z  migrate   optimal  proposed      1   0.5  2 h 1 min");
        (await service.Run("plan", "get", "cg.1.1")).ExitCode.ShouldBe(ExitCode.Done);
        (await service.Run("plan", "describe", "cg.1.1")).Lines.ShouldContain("  - a gain of 1.1");
        (await service.Run("plan", "--", "list")).ExitCode.ShouldBe(ExitCode.Pending);
    }

    [Fact]
    public async Task Applying_waits_until_it_is_done_and_says_how_it_goes()
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/plans/cg.1.1/apply", new RecordedService.Answer(202, Recorded.Applied("applying")))
            .On("GET /v1/plans/cg.1.1", Recorded.Plan("applying"), Recorded.Plan("applying"), Recorded.Plan("applied"))
            .On(Migrations, $"[{Moving("preCopy")}]", $"[{Moving("preCopy")}]", $"[{Moving("done")}]");

        var run = await service.Run("apply", "cg.1.1", "--yes");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Out.ShouldBe("plan cg.1.1 applied\n");
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe([
            "plan cg.1.1 is being applied", "vm1: aws/m5 -> rennes/std-4: preCopy", "vm1: aws/m5 -> rennes/std-4: done"]);
    }

    [Fact]
    public async Task A_plan_that_fails_is_an_error_with_its_reason()
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/plans/cg.1.1/apply", new RecordedService.Answer(202, Recorded.Applied("applying")))
            .On("GET /v1/plans/cg.1.1", Recorded.Plan("failed"))
            .On(Migrations, $"[{Recorded.Migration}]");

        var run = await service.Run("apply", "cg.1.1", "--yes");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain("vm1: the target host went away");
        run.Error.ShouldContain("plan cg.1.1 failed");
    }

    [Theory]
    [InlineData("--no-wait", "applying")]
    [InlineData("-o=table", "applied")]
    public async Task There_is_no_waiting_where_there_is_nothing_to_wait_for(string option, string state)
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/plans/cg.1.1/apply", Recorded.Applied(state, did: state == "applying"));

        var run = await service.Run("apply", "cg.1.1", "--yes", option);

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Out.ShouldBe($"plan cg.1.1 {state}\n");
        service.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_plan_that_was_overtaken_is_refused_with_what_changed()
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/plans/cg.1.1/apply", new RecordedService.Answer(409, """
            {"title":"Conflict","detail":"the world is not as it was","changes":["rennes: revision 3 is now 4","vm2 is at aws"]}
            """));

        var run = await service.Run("apply", "cg.1.1", "--yes");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldBe("""
            fedctl: the world is not as it was
              changed: rennes: revision 3 is now 4
              changed: vm2 is at aws
            Make a new plan with 'fedctl plan APP', and apply that one

            """);
    }

    private static string Job(string state, int before = 0, string plan = "null") => $$"""
        {"id":"cg.1.1","state":"{{state}}","before":{{before}},"askedAt":"2026-11-23T17:59:00Z",
         "since":{{(state == "solving" ? "\"2026-11-23T17:59:58Z\"" : "null")}},"text":"as the service says it","code":null,"plan":{{plan}}}
        """;

    private static string Moving(string phase) => Recorded.Migration.Replace("rolledBack", phase, StringComparison.Ordinal);
}
