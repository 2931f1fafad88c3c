using System.CommandLine;
using Federation.Cli.Commandline;
using Federation.Cli.Terminals;
using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class ConfirmationTests
{
    private const string OneRuns = "Application cg is deleted, and its running VM stops (at rennes).";

    private const string Outside = """
        {"site":"grid","revision":3,"changes":[{"key":"policy.tenants","before":null,"after":"[\"bio\"]"}],
         "affected":[{"application":"cg","name":"vm1","reason":"policy: grid does not admit tenant astro"}]}
        """;

    [Theory]
    [InlineData("y\n", true)]
    [InlineData(" YES \n", true)]
    [InlineData("n\n", false)]
    [InlineData("\n", false)]
    [InlineData("", false)]
    [InlineData("sure\n", false)]
    public async Task On_a_terminal_a_deletion_says_what_stops_and_is_done_only_after_a_yes(string answer, bool isDone)
    {
        await using var service = await Deletable();

        var run = await service.RunAnswering(answer, "app", "delete", "cg");

        run.Error.ShouldStartWith($"{OneRuns} Delete it? [y/N] ");
        run.ExitCode.ShouldBe(isDone ? ExitCode.Done : ExitCode.Error);
        service.Requests.Any(request => request.Line.StartsWith("DELETE", StringComparison.Ordinal)).ShouldBe(isDone);
    }

    [Fact]
    public async Task Without_a_terminal_what_stops_vms_is_refused_and_yes_does_it_without_a_look()
    {
        await using var service = await Deletable();

        var refused = await service.Run("app", "delete", "cg");
        refused.ExitCode.ShouldBe(ExitCode.Error);
        refused.Error.ShouldStartWith($"fedctl: {OneRuns} ");
        refused.Error.ShouldContain("--yes");
        service.Requests.ShouldAllBe(request => request.Line == "GET /v1/applications/cg");

        (await service.Run("app", "delete", "cg", "--yes")).ExitCode.ShouldBe(ExitCode.Done);
        service.Requests.Select(request => request.Line).ShouldBe(["GET /v1/applications/cg", "DELETE /v1/applications/cg"]);
    }

    [Fact]
    public async Task Without_a_terminal_a_deletion_that_stops_nothing_is_done()
    {
        await using var service = await Deletable();
        service.On("GET /v1/applications/cg", Recorded.Application.Replace("""{"site":"rennes","offer":"std-4"}""", "null", StringComparison.Ordinal));

        var run = await service.Run("app", "delete", "cg");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Error.ShouldStartWith("Application cg is deleted; no VM of it runs.\n");
    }

    [Fact]
    public async Task A_plan_says_how_many_vms_move_and_what_it_costs_before_it_is_applied()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/plans/cg.1.1", Recorded.Plan().Replace("\"downtime\":0.3", "\"downtime\":0.3,\"egress\":0.25,\"doubleHosting\":0.05", StringComparison.Ordinal))
            .On("GET /v1/sites", """[{"site":"rennes","revision":1,"spec":{"currency":"EUR"},"holds":[]}]""")
            .On("POST /v1/plans/cg.1.1/apply", Recorded.Applied("applied"));
        const string Says = "Plan cg.1.1 moves 1 VM (1 to rennes), which costs 0.3 EUR; the cost of all goes from 1.6 EUR to 0.5 EUR.";

        var refused = await service.RunAnswering("n\n", "apply", "cg.1.1");
        refused.ExitCode.ShouldBe(ExitCode.Error);
        refused.Error.ShouldBe($"{Says} Apply it? [y/N] fedctl: nothing was changed\n");
        service.Requests.ShouldAllBe(request => request.Line.StartsWith("GET", StringComparison.Ordinal));

        (await service.RunAnswering("y\n", "apply", "cg.1.1")).ExitCode.ShouldBe(ExitCode.Done);
        var script = await service.Run("apply", "cg.1.1");
        script.ExitCode.ShouldBe(ExitCode.Done);
        script.Error.ShouldStartWith(Says);
    }

    [Fact]
    public async Task Nothing_is_asked_of_a_plan_that_was_started_before()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/plans/cg.1.1", Recorded.Plan("applied")).On("POST /v1/plans/cg.1.1/apply", Recorded.Applied("applied", did: false));

        (await service.RunAnswering("", "apply", "cg.1.1")).Error.ShouldBe("plan cg.1.1 is being applied\n");
    }

    [Fact]
    public async Task A_first_plan_says_how_many_vms_start()
    {
        await using var service = await RecordedService.Start();
        var plan = Recorded.Plan(decision: "place").Replace("\"before\":{", "\"before\":null,\"was\":{", StringComparison.Ordinal)
            .Replace("\"steps\":[{", "\"steps\":[],\"moves\":[{", StringComparison.Ordinal);
        service.On("GET /v1/plans/cg.1.1", plan).On("GET /v1/sites", "[]").On("GET /v1/applications/cg", Recorded.Application);

        (await service.RunAnswering("n\n", "apply", "cg.1.1")).Error.ShouldStartWith("Plan cg.1.1 starts 1 VM; all costs 0.5. Apply it? [y/N] ");
    }

    [Fact]
    public async Task A_site_file_that_puts_vms_outside_names_them_before_it_comes_into_force()
    {
        using var world = new SmallWorld();
        await using var service = await RecordedService.Start();
        service.On("POST /v1/sites/grid/diff", Outside).On("PUT /v1/sites/grid", Recorded.Site);
        string[] command = ["policy", "apply", "-f", Path.Combine(world.Sites, "grid.yaml")];

        var refused = await service.RunAnswering("n\n", command);
        refused.ExitCode.ShouldBe(ExitCode.Error);
        refused.Error.ShouldStartWith("1 running VM would stand outside of what is allowed (cg/vm1 at grid); they stay until a plan moves them. Put it into force? [y/N] ");
        service.Requests.ShouldAllBe(request => request.Line.StartsWith("POST", StringComparison.Ordinal));

        (await service.RunAnswering("y\n", command)).ExitCode.ShouldBe(ExitCode.Done);
        (await service.Run([.. command, "--yes"])).ExitCode.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task An_application_file_without_running_vms_names_them_before_they_stop()
    {
        using var world = new SmallWorld();
        await using var service = await RecordedService.Start();
        service.On("POST /v1/applications/cg/diff", """{"application":"cg","version":"2.1","changes":[],"refused":[],"warnings":[],"stops":["vm7","vm8"]}""")
            .On("PUT /v1/applications/cg", Recorded.Application);
        string[] command = ["app", "apply", "-f", world.Application()];
        const string Says = "2 running VMs are not in what is applied, and would stop: cg/vm7, cg/vm8.";

        (await service.RunAnswering("n\n", command)).Error.ShouldBe($"{Says} Apply it? [y/N] fedctl: nothing was changed\n");
        var script = await service.Run(command);
        (script.ExitCode, script.Error.StartsWith($"fedctl: {Says} Nobody can be asked here", StringComparison.Ordinal)).ShouldBe((ExitCode.Error, true));
        service.Requests.ShouldAllBe(request => request.Line.StartsWith("POST", StringComparison.Ordinal));

        (await service.RunAnswering("y\n", command)).ExitCode.ShouldBe(ExitCode.Done);
        (await service.Run([.. command, "--yes"])).ExitCode.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task A_question_that_nobody_answers_can_be_given_up()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var never = new NeverAnswered(stop);
        var confirmation = new Confirmation();
        using var said = new StringWriter();
        var terminal = new Terminal { Out = said, Error = said, Clock = TimeProvider.System, Environment = _ => null, In = never, CanAsk = true };

        await Should.ThrowAsync<OperationCanceledException>(() => confirmation.Ask(
            new RootCommand { confirmation.Yes }.Parse([]), terminal, () => Task.FromResult(new Prospect("It ends.", "End it?", true)), stop.Token));
    }

    private static async Task<RecordedService> Deletable() => (await RecordedService.Start())
        .On("GET /v1/applications/cg", Recorded.Application).On("DELETE /v1/applications/cg", new RecordedService.Answer(204, ""));

    // Somebody who presses Ctrl-C instead of answering; the reader of a console does not notice.
    private sealed class NeverAnswered(CancellationTokenSource stop) : TextReader
    {
        private readonly ManualResetEventSlim over = new();

        public override string? ReadLine()
        {
            stop.Cancel();
            over.Wait();
            return null;
        }

        protected override void Dispose(bool disposing)
        {
            over.Set();
            base.Dispose(disposing);
        }
    }
}
