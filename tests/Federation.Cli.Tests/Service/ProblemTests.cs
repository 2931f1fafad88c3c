using System.Net;
using System.Net.Sockets;
using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class ProblemTests
{
    [Fact]
    public async Task Where_nobody_answers_the_server_is_named_and_what_can_be_done()
    {
        // Taken and given back: nobody listens there.
        int port;
        using (var taken = new TcpListener(IPAddress.Loopback, 0))
        {
            taken.Start();
            port = ((IPEndPoint)taken.LocalEndpoint).Port;
        }

        var run = await CommandRun.Of("site", "list", "--server", $"http://127.0.0.1:{port}");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain($"no service answers at http://127.0.0.1:{port} (from --server): connection refused");
        run.Error.ShouldContain("./quickstart.sh");
        run.Error.ShouldContain("FEDCTL_SERVER");
    }

    [Fact]
    public async Task A_token_that_is_refused_is_named_by_its_source_and_not_shown()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites", new RecordedService.Answer(401, """{"title":"Unauthorized","detail":"the token is not known"}"""));

        var run = await service.Run("site", "list");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldStartWith("fedctl: the token is not known\n");
        run.Error.ShouldContain("The token that was sent comes from FEDCTL_TOKEN");
        run.Error.ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task Without_a_token_it_is_said_where_one_was_looked_for()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites", new RecordedService.Answer(401, ""));

        var run = await CommandRun.Of("site", "list", "--server", service.Address);

        run.Error.ShouldContain("No token was sent");
        run.Error.ShouldContain("No token was sent: neither --token-file nor FEDCTL_TOKEN is set, and /nonexistent/context.json names none");
    }

    [Fact]
    public async Task Every_fault_that_the_service_finds_is_told()
    {
        using var world = new SmallWorld();
        await using var service = await RecordedService.Start();
        service.On("PUT /v1/applications/cg", new RecordedService.Answer(400, """
            {"title":"Bad Request","detail":"the application cannot be taken","faults":[
             {"file":"cg","line":5,"key":"vms.at.site","value":"mars","remedy":"name a site of the federation"},
             {"file":"cg","line":2,"key":"tenant","value":"astro","problem":"may not do this","remedy":"ask for the right"}]}
            """));

        var run = await service.Run("app", "apply", "--yes", "-f", world.Application());

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain("the application cannot be taken");
        run.Error.ShouldContain("\n  cg:5: vms.at.site: 'mars'; name a site of the federation");
        run.Error.ShouldContain("\n  cg:2: tenant: 'astro' may not do this; ask for the right");
    }

    [Theory]
    [InlineData(200, "<html>a printer</html>")]
    [InlineData(200, """{"sites":[]}""")]
    [InlineData(302, "")]
    public async Task Something_else_that_answers_is_not_taken_for_the_service(int status, string body)
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites", new RecordedService.Answer(status, body));

        var run = await service.Run("site", "list");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain($"{service.Address} (from FEDCTL_SERVER) answers, but not as the placement service does");
    }

    [Fact]
    public async Task A_no_without_a_reason_is_told_by_what_can_be_done()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites", new RecordedService.Answer(503, "busy"));

        (await service.Run("site", "list")).Error.ShouldBe($"fedctl: {service.Address} cannot answer now; try again in a moment\n");
    }
}
