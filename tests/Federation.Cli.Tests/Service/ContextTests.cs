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

        var context = Cli.Service.ContextFile.Read(folder["context.json"]).Of(null);
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

    [Fact]
    public async Task Several_services_are_remembered_by_name_and_one_of_them_is_used()
    {
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string> { ["FEDCTL_CONTEXT"] = folder["context.json"] };
        Task<CommandRun> Run(params string[] args) => CommandRun.With(environment, ["context", .. args]);
        var token = folder.Write("token", "s3cret");

        await Run("set", "home", "--server", "http://127.0.0.1:1", "--token-file", token);
        await Run("set", "trial", "--server", "https://127.0.0.1:2", "--authority", folder.Write("ca.pem", "x"), "--certificate", folder.Write("me.pem", "x"), "--key", folder.Write("me.key", "x"));
        (await Run("list")).Lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ShouldBe([
            "CONTEXT SERVER TOKEN AUTHORITY CERTIFICATE",
            $"* home http://127.0.0.1:1 {token} - -",
            $"trial https://127.0.0.1:2 - {folder["ca.pem"]} {folder["me.pem"]}"]);
        (await ServerOf(environment)).ShouldBe("http://127.0.0.1:1");

        (await Run("use", "trial")).Error.ShouldBe("trial (https://127.0.0.1:2) is used from now on\n");
        Cli.Service.ContextFile.Read(folder["context.json"]).Of(null).Key.ShouldBe(folder["me.key"]);
        (await ServerOf(environment, "--context", "home")).ShouldBe("http://127.0.0.1:1");

        (await Run("delete", "trial")).Error.ShouldBe("deleted; choose another one with 'fedctl context use NAME'\n");
        (await ServerOf(environment)).ShouldBe("http://127.0.0.1:8080");
        (await Run("use", "trial")).Error.ShouldBe("fedctl: there is no context 'trial'; there are home\n");
        File.Exists(folder["me.key"]).ShouldBeTrue();
    }

    [Fact]
    public async Task A_context_that_is_named_comes_before_the_environment()
    {
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string> { ["FEDCTL_CONTEXT"] = folder["context.json"], ["FEDCTL_SERVER"] = "http://127.0.0.1:9", ["FEDCTL_TOKEN"] = "other" };
        await CommandRun.With(environment, ["context", "set", "home", "--server", "http://127.0.0.1:1", "--token-file", folder.Write("token", "s3cret")]);

        (await ServerOf(environment)).ShouldBe("http://127.0.0.1:9");
        var shown = (await CommandRun.With(environment, ["context", "show", "--context", "home", "-o", "json"])).Json;
        shown.GetProperty("server").GetString().ShouldBe("http://127.0.0.1:1");
        shown.GetProperty("tokenFrom").GetString().ShouldBe($"the file {folder["token"]}");
    }

    [Fact]
    public async Task A_file_of_before_contexts_had_names_is_one_of_them()
    {
        using var folder = new TemporaryFolder();
        folder.Write("context.json", """{"server":"http://127.0.0.1:1","token":"s3cret"}""");
        var environment = new Dictionary<string, string> { ["FEDCTL_CONTEXT"] = folder["context.json"] };

        (await CommandRun.With(environment, ["context", "list"])).Out.ShouldContain("default");
        await CommandRun.With(environment, ["context", "set", "trial", "--server", "http://127.0.0.1:2"]);
        (await ServerOf(environment)).ShouldBe("http://127.0.0.1:1");
        (await ServerOf(environment, "--context", "trial")).ShouldBe("http://127.0.0.1:2");
    }

    [Theory]
    [InlineData("--authority")]
    [InlineData("--certificate")]
    public async Task A_file_that_cannot_be_read_is_named_with_who_named_it(string option)
    {
        var run = await CommandRun.Of("site", "list", "--server", "https://127.0.0.1:1", option, "/nonexistent/x.pem");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain($"fedctl: {option}: ");
        run.Error.ShouldContain("/nonexistent/x.pem");
    }

    private static async Task<string?> ServerOf(Dictionary<string, string> environment, params string[] options) =>
        (await CommandRun.With(environment, ["context", "show", "-o", "json", .. options])).Json.GetProperty("server").GetString();
}
