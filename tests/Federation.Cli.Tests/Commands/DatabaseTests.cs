using Federation.Cli.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commands;

public sealed class DatabaseTests
{
    [Fact]
    public async Task A_database_is_made_checked_and_left_as_it_is()
    {
        await using var cluster = await PostgresCluster.Start();
        using var folder = new TemporaryFolder();
        var connection = await cluster.CreateDatabase("federation");
        var file = folder.Write("database", connection + "\n");

        var empty = await CommandRun.Of("db", "check", "--connection", connection);
        empty.ExitCode.ShouldBe(ExitCode.Pending);
        empty.Out.ShouldContain("schema version 0");
        (await CommandRun.Of("db", "upgrade", "--connection", connection)).Error.ShouldContain("'fedctl db init' makes it");
        var made = await CommandRun.Of("db", "init", "--connection-file", file);
        (made.ExitCode, made.Error).ShouldBe((ExitCode.Done, ""));
        (await CommandRun.Of("db", "check", "--connection-file", file)).ExitCode.ShouldBe(ExitCode.Done);
        (await CommandRun.Of("db", "upgrade", "--connection-file", file)).Out.ShouldContain("nothing to do");
        var again = await CommandRun.Of("db", "init", "--connection-file", file);
        again.ExitCode.ShouldBe(ExitCode.Error);
        again.Error.ShouldContain("already");

        (await CommandRun.Of("db", "roles", "--silo", "silo", "--connection-file", file)).Error.ShouldContain("'createuser --pwprompt silo'");
        await cluster.CreateRole("silo");
        (await CommandRun.Of("db", "roles", "--silo", "silo", "--connection-file", file)).Out.ShouldContain("role silo has the rights of a silo, and no others");

        await cluster.Stop();
        var away = await CommandRun.Of("db", "check", "--connection-file", file);
        away.ExitCode.ShouldBe(ExitCode.Error);
        away.Error.ShouldContain($"federation at 127.0.0.1:{cluster.Port} is not available");
    }

    [Theory]
    [InlineData("which database?")]
    [InlineData("which database?", "--connection", "Host=a", "--connection-file", "b")]
    [InlineData("no connection string", "--connection", "Hosst=a")]
    [InlineData("there is no such file", "--connection-file", "/nonexistent/x")]
    public async Task What_is_no_database_is_said_so(string reason, params string[] arguments)
    {
        var run = await CommandRun.Of(["db", "check", .. arguments]);

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain(reason);
    }
}
