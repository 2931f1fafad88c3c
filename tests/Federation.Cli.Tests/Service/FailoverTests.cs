using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class FailoverTests
{
    private const string Nobody = "http://127.0.0.1:1";

    private static readonly RecordedService.Answer TakingOver = new(503, """{"title":"Taking over","detail":"a silo has gone away"}""", RetryAfter: 1);
    private static readonly RecordedService.Answer Offline = new(503, """{"title":"Site offline","detail":"site a is offline"}""", RetryAfter: 5);
    private static readonly RecordedService.Answer TookTooLong = new(504, """{"title":"Took too long","detail":"look before you try again"}""", RetryAfter: 5);

    [Fact]
    public async Task Where_one_server_is_gone_the_next_answers()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites", "[]");

        var run = await List(Nobody, service.Address);

        run.ExitCode.ShouldBe(ExitCode.Done);
        service.Requests.Single().Authorization.ShouldBe("Bearer s3cret");
    }

    [Fact]
    public async Task While_silos_take_over_they_are_asked_again_each_in_turn()
    {
        await using var first = await RecordedService.Start();
        await using var second = await RecordedService.Start();
        first.On("GET /v1/sites", TakingOver, "[]");
        second.On("GET /v1/sites", TakingOver);

        (await List(first.Address, second.Address)).ExitCode.ShouldBe(ExitCode.Done);

        first.Requests.Count.ShouldBe(2);
        second.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_was_sent_to_one_is_sent_to_the_next_as_it_was()
    {
        using var world = new SmallWorld();
        await using var first = await RecordedService.Start();
        await using var second = await RecordedService.Start();
        first.On("PUT /v1/applications/cg", TakingOver);
        second.On("PUT /v1/applications/cg", new RecordedService.Answer(400, """{"title":"Bad Request","detail":"no"}"""));

        var run = await Run(["app", "apply", "--yes", "-f", world.Application()], first.Address, second.Address);

        run.Error.ShouldContain("no");
        second.Requests.Single().Body.ShouldBe(first.Requests.Single().Body);
    }

    [Fact]
    public async Task A_site_that_is_offline_is_said_once_every_server_has_said_so()
    {
        await using var first = await RecordedService.Start();
        await using var second = await RecordedService.Start();
        first.On("GET /v1/sites", Offline);
        second.On("GET /v1/sites", Offline);

        (await List(first.Address, second.Address)).Error.ShouldContain("site a is offline");

        (first.Requests.Count, second.Requests.Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_read_that_took_too_long_is_asked_of_the_next_server_and_a_change_is_not()
    {
        using var world = new SmallWorld();
        await using var first = await RecordedService.Start();
        await using var second = await RecordedService.Start();
        first.On("GET /v1/sites", TookTooLong).On("PUT /v1/applications/cg", TookTooLong);
        second.On("GET /v1/sites", "[]");

        (await List(first.Address, second.Address)).ExitCode.ShouldBe(ExitCode.Done);
        var change = await Run(["app", "apply", "--yes", "-f", world.Application()], first.Address, second.Address);

        change.ExitCode.ShouldBe(ExitCode.Error);
        change.Error.ShouldContain("look before you try again");
        second.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_disk_that_is_full_is_said_at_once_since_every_server_writes_to_it()
    {
        await using var first = await RecordedService.Start();
        await using var second = await RecordedService.Start();
        first.On("GET /v1/sites", new RecordedService.Answer(507, """{"title":"Disk full","detail":"the database's disk is full"}""", RetryAfter: 10));

        (await List(first.Address, second.Address)).Error.ShouldContain("the database's disk is full");

        second.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_given_up_where_no_server_ever_gets_further()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites", TakingOver);

        (await List(service.Address, Nobody)).Error.ShouldContain($"no service answers at {service.Address},{Nobody}");

        service.Requests.Count.ShouldBe(6);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1,http://127.0.0.1:2", "http://127.0.0.1:2", false)]
    [InlineData("http://127.0.0.1:1", "http://127.0.0.1:1,http://127.0.0.1:2", true)]
    public async Task A_stored_token_goes_to_the_servers_that_it_was_stored_with_and_to_no_other(string stored, string asked, bool isWithheld)
    {
        using var folder = new TemporaryFolder();
        folder.Write("context.json", $$"""{"server":"{{stored}}","token":"s3cret"}""");

        var shown = await CommandRun.With(
            new() { ["FEDCTL_CONTEXT"] = folder["context.json"] }, ["context", "show", "-o", "json", "--server", asked]);

        shown.Json.GetProperty("server").GetString().ShouldBe(asked);
        shown.Json.GetProperty("token").GetBoolean().ShouldBe(!isWithheld);
    }

    private static Task<CommandRun> List(params string[] servers) => Run(["site", "list"], servers);

    private static Task<CommandRun> Run(string[] command, params string[] servers) =>
        CommandRun.With(new() { ["FEDCTL_SERVER"] = string.Join(", ", servers), ["FEDCTL_TOKEN"] = "s3cret" }, command);
}
