using System.Runtime.Versioning;
using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class ContextTests
{
    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task What_is_set_is_used_and_only_its_owner_can_read_it()
    {
        using var folder = new TemporaryFolder();
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites", "[]");
        var environment = new Dictionary<string, string> { ["FEDCTL_CONTEXT"] = folder["sub/context.json"] };
        var token = folder.Write("token", "s3cret\n");

        var set = await CommandRun.With(environment, ["context", "set", "--server", service.Address + "/", "--token-file", token]);
        var list = await CommandRun.With(environment, ["site", "list"]);

        set.ExitCode.ShouldBe(ExitCode.Done);
        list.ExitCode.ShouldBe(ExitCode.Done);
        service.Requests.Single().Authorization.ShouldBe("Bearer s3cret");
        File.GetUnixFileMode(folder["sub/context.json"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task What_is_left_out_stays_as_it_is()
    {
        using var folder = new TemporaryFolder();
        folder.Write("context.json", """{"server":"http://127.0.0.1:1","token":"s3cret"}""");
        var environment = new Dictionary<string, string> { ["FEDCTL_CONTEXT"] = folder["context.json"] };

        await CommandRun.With(environment, ["context", "set", "--server", "http://127.0.0.1:2"]);

        var context = Cli.Service.Context.Read(folder["context.json"]);
        context.Server.ShouldBe("http://127.0.0.1:2");
        context.Token.ShouldBe("s3cret");
    }

    [Fact]
    public async Task The_option_comes_before_the_environment_and_that_before_the_file()
    {
        using var folder = new TemporaryFolder();
        folder.Write("context.json", """{"server":"http://127.0.0.1:1"}""");
        var environment = new Dictionary<string, string> { ["FEDCTL_CONTEXT"] = folder["context.json"] };

        (await ServerOf(environment)).ShouldBe("http://127.0.0.1:1");
        environment["FEDCTL_SERVER"] = "http://127.0.0.1:2";
        (await ServerOf(environment)).ShouldBe("http://127.0.0.1:2");
        (await ServerOf(environment, "--server", "http://127.0.0.1:3")).ShouldBe("http://127.0.0.1:3");
        (await ServerOf([])).ShouldBe("http://127.0.0.1:8080");
    }

    [Fact]
    public async Task A_token_is_not_shown_to_a_service_that_it_was_not_stored_with()
    {
        using var folder = new TemporaryFolder();
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites", new RecordedService.Answer(401, """{"title":"Unauthorized","detail":"a token is needed"}"""));
        folder.Write("context.json", """{"server":"http://127.0.0.1:1","token":"s3cret"}""");

        var run = await CommandRun.With(
            new() { ["FEDCTL_CONTEXT"] = folder["context.json"] }, ["site", "list", "--server", service.Address]);

        run.ExitCode.ShouldBe(ExitCode.Error);
        service.Requests.Single().Authorization.ShouldBeEmpty();
        run.Error.ShouldContain("is for http://127.0.0.1:1");
    }

    [Fact]
    public async Task A_token_file_is_found_relative_to_the_context_file()
    {
        using var folder = new TemporaryFolder();
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites", "[]");
        folder.Write("token", "s3cret");
        folder.Write("context.json", $$"""{"server":"{{service.Address}}","tokenFile":"token"}""");

        await CommandRun.With(new() { ["FEDCTL_CONTEXT"] = folder["context.json"] }, ["site", "list"]);

        service.Requests.Single().Authorization.ShouldBe("Bearer s3cret");
    }

    [Theory]
    [InlineData("--server", "ftp://x", "'ftp://x' (from --server) is no http or https address")]
    [InlineData("--server", "localhost", "'localhost' (from --server) is no http or https address")]
    [InlineData("--token-file", "/nonexistent/token", "/nonexistent/token: the token cannot be read")]
    public async Task What_makes_no_sense_is_refused(string option, string value, string reason)
    {
        var run = await CommandRun.Of("site", "list", option, value);

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain(reason);
    }

    [Fact]
    public async Task A_broken_context_file_is_named_with_the_way_out()
    {
        using var folder = new TemporaryFolder();
        folder.Write("context.json", "{");

        var run = await CommandRun.With(new() { ["FEDCTL_CONTEXT"] = folder["context.json"] }, ["site", "list"]);

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain($"{folder["context.json"]}: is no context file");
        run.Error.ShouldContain("fedctl context set");
    }

    [Fact]
    public async Task No_token_is_ever_shown()
    {
        var environment = new Dictionary<string, string> { ["FEDCTL_TOKEN"] = "s3cret" };

        var shown = await CommandRun.With(environment, ["context", "show", "-o", "json"]);
        var refused = await CommandRun.With(new() { ["FEDCTL_TOKEN"] = "s3cret\ns3cret" }, ["site", "list"]);

        shown.Json.GetProperty("tokenFrom").GetString().ShouldBe("FEDCTL_TOKEN");
        refused.ExitCode.ShouldBe(ExitCode.Error);
        (shown.Out + shown.Error + refused.Out + refused.Error).ShouldNotContain("s3cret");
    }

    private static async Task<string?> ServerOf(Dictionary<string, string> environment, params string[] options) =>
        (await CommandRun.With(environment, ["context", "show", "-o", "json", .. options])).Json.GetProperty("server").GetString();
}
