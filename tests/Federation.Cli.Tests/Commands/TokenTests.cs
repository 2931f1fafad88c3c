using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Federation.Cli.Tests.Making;
using Federation.Credentials;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commands;

public sealed class TokenTests
{
    [Fact]
    public async Task A_token_says_who_holds_it_and_for_how_long_and_is_signed()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "issuer.key");
        using var key = TokenIssuer.ReadOrMakeKey(path);

        var run = await CommandRun.Of("token", "issue", "host1", "--role", "sensor", "--site", "rennes", "--host", "h1", "--lifetime", "30m", "--key", path);

        (run.ExitCode, run.Error).ShouldBe((ExitCode.Done, ""));
        var parts = run.Out.Trim().Split('.');
        key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256).ShouldBeTrue();
        var claims = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(parts[1]));
        claims.GetProperty("sub").GetString().ShouldBe("host1");
        claims.GetProperty("roles")[0].GetString().ShouldBe("sensor");
        claims.GetProperty("sensor_host").GetString().ShouldBe("h1");
        claims.GetProperty("exp").GetInt64().ShouldBe(CommandRun.Now.AddMinutes(30).ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("'admin' is not one of auditor, federation-admin, host, sensor, site-admin, tenant", "--role", "admin")]
    [InlineData("'service' is not one of", "--role", "service")]
    [InlineData("give --tenant TENANT", "--role", "tenant")]
    [InlineData("give --site SITE", "--role", "site-admin")]
    [InlineData("give --site SITE once", "--role", "sensor", "--site", "a", "--site", "b")]
    [InlineData("give --host HOST", "--role", "host", "--site", "a")]
    [InlineData("give --site SITE once", "--role", "host", "--host", "h1")]
    [InlineData("no name for a host that has an agent", "--role", "host", "--site", "a", "--host", "self")]
    [InlineData("it goes with --role sensor", "--role", "auditor", "--host", "h1")]
    [InlineData("--lifetime is longer than 366 days", "--role", "auditor", "--lifetime", "400d")]
    public async Task A_token_that_would_be_of_no_use_is_not_made(string reason, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "issuer.key");
        TokenIssuer.ReadOrMakeKey(path).Dispose();

        var run = await CommandRun.Of(["token", "issue", "x", "--key", path, .. arguments]);

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Out.ShouldBe("");
        run.Error.ShouldContain(reason);
    }

    [Fact]
    public async Task A_token_is_taken_back_by_the_identifier_that_it_shows()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "issuer.key");
        TokenIssuer.ReadOrMakeKey(path).Dispose();
        var issued = await CommandRun.Of("token", "issue", "alice", "--role", "auditor", "--key", path);
        var shown = await CommandRun.Of("token", "show", folder.Write("alice.token", issued.Out));
        shown.Lines.ShouldContain("  sub        alice");
        var id = shown.Lines[0].Split(' ')[1];
        await using var service = await RecordedService.Start();
        service.On($"PUT /v1/revocations/{id}", $$"""{"token":"{{id}}","by":"carol","at":"2026-11-23T18:00:00Z","reason":"lost"}""");

        var revoked = await service.Run("token", "revoke", id, "--reason", "lost");

        revoked.Lines.ShouldBe([$"token {id} was revoked by carol at 2026-11-23T18:00:00Z"]);
        service.Requests.Single().Body.ShouldBe("""{"reason":"lost"}""");
    }

    [Fact]
    public async Task A_token_that_is_taken_for_its_identifier_stays_here()
    {
        await using var service = await RecordedService.Start();
        var run = await service.Run("token", "revoke", "eyJhbGciOiJFUzI1NiJ9.e30.c2ln");
        run.Error.ShouldContain("that is no identifier of a token");
        service.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_no_key_is_said_so()
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.Of("token", "issue", "x", "--role", "auditor", "--key", folder.Write("key", "no key"));

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain("holds no key (PEM, curve P-256)");
    }
}
