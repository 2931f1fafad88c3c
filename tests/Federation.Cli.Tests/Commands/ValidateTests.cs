using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commands;

public sealed class ValidateTests
{
    [Fact]
    public async Task Sound_files_are_named_with_what_is_in_them()
    {
        using var world = new SmallWorld();
        var application = world.Application();

        var run = await CommandRun.Of("validate", "--sites", world.Sites, "--app", application);

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Lines.ShouldBe([$"{world.Sites}: 2 sites, no fault", $"{application}: application astro/cg, 4 VMs, no fault"]);
    }

    [Fact]
    public async Task All_faults_of_all_files_are_told_with_their_lines()
    {
        using var world = new SmallWorld();
        world.Write("sites/cloud.yaml", "site: cloud\nkind: fog\ncolour: grey\n");

        var run = await CommandRun.Of("validate", "--sites", world.Sites, "--app", world.Application(objective: "fame"));

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldContain("cloud.yaml:2: kind: 'fog'");
        run.Error.ShouldContain("cloud.yaml:3: colour:");
        run.Error.ShouldContain("app.yaml:3: objective: 'fame'");
    }

    [Fact]
    public async Task An_application_alone_is_checked_without_sites()
    {
        using var world = new SmallWorld();
        var application = world.Application(", at: { site: elsewhere, offer: x }");

        (await CommandRun.Of("validate", "--app", application)).ExitCode.ShouldBe(ExitCode.Done);
        (await CommandRun.Of("validate", "--sites", world.Sites, "--app", application)).ExitCode.ShouldBe(ExitCode.Error);
    }

    [Theory]
    [InlineData("--sites", "there is no such folder")]
    [InlineData("--app", "there is no such file")]
    public async Task What_is_not_there_is_named(string option, string reason)
    {
        var run = await CommandRun.Of("validate", option, "/nonexistent/x");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldBe($"fedctl: /nonexistent/x: {reason}\n");
    }
}
