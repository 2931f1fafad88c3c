using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commands;

public sealed class SimulateTests
{
    private static readonly string Sites = Path.Combine(AppContext.BaseDirectory, "sites");

    // One application that runs for an hour: the shortest backtest that says something.
    private static readonly string Tiny = $$"""
        scenario: tiny
        start: 2026-11-02T00:00Z
        length: 1h
        sites: {{Sites}}
        applications:
          - { name: solver, count: 2, vms: 2, vcpus: 2, memory: 4GiB, runs: { shortest: 1h, longest: 2h }, traffic: [{ lasts: 1h, inside: 1MB/s }] }
        """;

    [Fact]
    public async Task A_backtest_prints_every_policy_and_writes_a_report()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tiny.yaml", Tiny);

        var run = await CommandRun.Of("simulate", folder["tiny.yaml"], "--out", folder["report.html"], "-o", "json");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Json.GetProperty("policies").EnumerateArray().Select(policy => policy.GetProperty("policy").GetString())
            .ShouldBe(["ours", "never", "any-saving", "price-only", "hindsight"]);
        run.Json.GetProperty("policies")[0].GetProperty("finished").GetInt32().ShouldBe(2);
        (await File.ReadAllTextAsync(folder["report.html"], TestContext.Current.CancellationToken)).ShouldStartWith("<!doctype html>");
        run.Error.ShouldContain($"report written to {folder["report.html"]}");
    }

    [Fact]
    public async Task Seed_and_number_of_applications_can_be_given()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tiny.yaml", Tiny);

        var run = await CommandRun.Of("simulate", folder["tiny.yaml"], "--seed", "7", "--applications", "1");

        run.Out.ShouldStartWith("tiny: 0 days from 2026-11-02T00:00:00Z, 1 applications, 2 VMs, seed 7");
    }

    [Fact]
    public async Task Faults_of_a_scenario_are_told_and_nothing_is_run()
    {
        using var folder = new TemporaryFolder();
        folder.Write("bad.yaml", Tiny.Replace("length: 1h", "lenght: 1h", StringComparison.Ordinal));

        var run = await CommandRun.Of("simulate", folder["bad.yaml"]);

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain("bad.yaml:3: lenght: is an unknown key; the nearest known one is 'length'");
        run.Error.ShouldContain("fedctl: 2 faults; nothing was done");
    }
}
