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

    [Fact]
    public async Task What_is_allowed_and_hardly_meant_is_a_warning_at_its_line_and_the_exit_code_stays_0()
    {
        using var world = new SmallWorld();
        world.Write("sites/cloud.yaml", File.ReadAllText(Path.Combine(world.Sites, "cloud.yaml")).Replace("latency: 12ms", "latency: 15s", StringComparison.Ordinal));
        world.Write("sites/grid.yaml", File.ReadAllText(Path.Combine(world.Sites, "grid.yaml")).Replace("  cloud:", "  island:", StringComparison.Ordinal));
        world.Write("sites/island.yaml", File.ReadAllText(Path.Combine(world.Sites, "cloud.yaml")).Replace("site: cloud", "site: island", StringComparison.Ordinal).Replace("15s", "15ms", StringComparison.Ordinal));
        var application = world.Application(memory: "64GiB");

        var run = await CommandRun.Of("validate", "--sites", world.Sites, "--app", application);

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Lines.ShouldBe([$"{world.Sites}: 3 sites, no fault, 2 warnings", $"{application}: application astro/cg, 4 VMs, no fault, 1 warning"]);
        run.Error.ShouldContain("cloud.yaml:7: warning: links.grid.latency: '15s' is longer than any network needs");
        run.Error.ShouldContain("cloud.yaml:7: warning: links.grid: has no way back: grid has no link to cloud");
        run.Error.ShouldContain($"{application}:5: warning: vms[0].memory: '64GiB' is more than any offer that vm1 may take has (as of 3 more VMs); write 16GiB or less");
        run.Error.ShouldNotContain("fault");
    }

    [Fact]
    public async Task Programs_get_faults_and_warnings_as_JSON()
    {
        using var world = new SmallWorld();
        var application = world.Application(memory: "64GiB");

        var sound = await CommandRun.Of("validate", "--sites", world.Sites, "--app", application, "-o", "json");
        sound.ExitCode.ShouldBe(ExitCode.Done);
        sound.Json.GetProperty("sites").GetArrayLength().ShouldBe(2);
        var warning = sound.Json.GetProperty("warnings").EnumerateArray().ShouldHaveSingleItem();
        (warning.GetProperty("line").GetInt32(), warning.GetProperty("key").GetString()).ShouldBe((5, "vms[0].memory"));

        var faulty = await CommandRun.Of("validate", "--app", world.Application(objective: "fame"), "-o", "json");
        faulty.ExitCode.ShouldBe(ExitCode.Error);
        faulty.Json.GetProperty("faults").EnumerateArray().ShouldHaveSingleItem().GetProperty("key").GetString().ShouldBe("objective");
    }

    [Fact]
    public async Task An_address_in_two_applications_on_one_network_is_told_and_no_name_of_another_tenant()
    {
        using var world = new SmallWorld();
        var first = world.Write("apps/a.yaml", File.ReadAllText(world.Application()).Replace("application: cg", "application: a", StringComparison.Ordinal));
        var second = world.Write("apps/b.yaml", File.ReadAllText(world.Application()).Replace("application: cg", "application: b", StringComparison.Ordinal).Replace("10.42.0.1", "10.42.0.3", StringComparison.Ordinal));

        var run = await CommandRun.Of("validate", "--app", Path.GetDirectoryName(first)!);

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Error.ShouldBe($"{second}:5: warning: vms[0].addresses: '10.42.0.3' is an address of application astro/a too: a sensor cannot tell whose its traffic is; give every VM of tenant astro an address of its own, or, if the two are on different networks, say so by `network`\n");

        world.Write("apps/b.yaml", File.ReadAllText(second) + "\nnetwork: own-lab\n");
        (await CommandRun.Of("validate", "--app", Path.GetDirectoryName(first)!)).Error.ShouldBeEmpty("they are on different networks");
        world.Write("apps/b.yaml", File.ReadAllText(second).Replace("tenant: astro", "tenant: bio", StringComparison.Ordinal).Replace("\nnetwork: own-lab\n", "", StringComparison.Ordinal));
        (await CommandRun.Of("validate", "--app", Path.GetDirectoryName(first)!)).Error.ShouldBeEmpty("each tenant has a network of its own");

        world.Write("apps/a.yaml", File.ReadAllText(first) + "\nnetwork: lab-7\n");
        world.Write("apps/b.yaml", File.ReadAllText(second) + "\nnetwork: lab-7\n");
        (await CommandRun.Of("validate", "--app", Path.GetDirectoryName(first)!)).Error.ShouldContain(
            "'10.42.0.3' is an address of an application of another tenant too: a sensor cannot tell whose its traffic is; give every VM on network lab-7 an address of its own");
    }
}
