using Federation.Backtest.Scenarios;
using Shouldly;
using Xunit;

namespace Federation.Backtest.Tests.Scenarios;

public sealed class ScenarioFileTests
{
    [Theory]
    [InlineData("quick", 12)]
    [InlineData("month", 105)]
    [InlineData("large", 3000)]
    public void Every_scenario_that_ships_can_be_read(string name, int applications)
    {
        var scenario = Shipped.Named(name);
        scenario.Name.ShouldBe(name);
        scenario.Applications.Sum(kind => kind.Count).ShouldBe(applications);
        scenario.Sites.Count.ShouldBe(7);
    }

    [Fact]
    public void All_faults_are_told_at_once_each_with_key_value_and_remedy()
    {
        var faults = Faults("""
            scenario: broken
            start: 2026-11-02
            length: 30
            sites: ..
            prises: { volatility: 0.2 }
            prices: { volatility: -1, reversion: 12h, step: 1s }
            reservations: [{ site: rene, from: 2026-11-03T18:00Z, until: 2026-11-02T06:00Z }]
            applications:
              - { name: solver, count: 0, vms: 2, vcpus: 2, memory: 4, runs: { shortest: 2d, longest: 1d }, traffic: [{ lasts: 1h, groups: 3 }] }
            """);

        faults.ShouldContain("start: '2026-11-02' has no time zone; write ISO 8601 with a zone, such as 2026-11-01T00:00Z");
        faults.ShouldContain("prises: is an unknown key; the nearest known one is 'prices'");
        faults.ShouldContain("prices.volatility: '-1' is negative; write 0 or more");
        faults.ShouldContain("prices.step: '1s' is less than 1m; write a duration such as 1h");
        faults.ShouldContain("reservations[0].site: 'rene' is no site of this federation; the nearest is 'rennes'");
        faults.ShouldContain("reservations[0].until: '2026-11-02T06:00Z' is not after 'from'; write the first instant after the interval");
        faults.ShouldContain("applications[0].count: '0' is less than 1; write 1 or more");
        faults.ShouldContain("applications[0].runs.longest: '1d' is less than 'shortest'; write the longer of the two here");
        faults.ShouldContain("applications[0].traffic[0].groups: '3' is more than the 2 VMs; write at most as many groups as VMs");
        faults.Count(fault => fault.StartsWith("length:", StringComparison.Ordinal)).ShouldBe(1);
        faults.Count(fault => fault.StartsWith("applications[0].memory:", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void What_is_missing_is_named_with_an_example() =>
        Faults("scenario: empty").ShouldBe([
            "start: is missing; write e.g. start: 2026-11-01T00:00Z",
            "length: is missing; write e.g. length: 30d",
            "sites: is missing; write e.g. sites: ..",
            "applications: is missing; write e.g. applications: "
                + "[{ name: solver, count: 20, vms: 8, vcpus: 2, memory: 4GiB, runs: { shortest: 6h, longest: 2d } }]",
        ]);

    [Fact]
    public void A_kind_of_applications_has_disks_if_it_says_so()
    {
        var path = Path.Combine(Shipped.Folder, "quick.yaml");
        var parsed = ScenarioFile.Parse(File.ReadAllText(path).Replace("dirtyRate: 20MB/s", "disk: 2GiB\n    writeRate: 1MB/s", StringComparison.Ordinal), path);
        parsed.Faults.ShouldBeEmpty();
        parsed.Value!.Applications.ShouldContain(kind => kind.DiskBytes == 2L << 30 && kind.DiskBytesPerSecond == 1e6);
        Shipped.Named("quick").Applications.ShouldAllBe(kind => kind.DiskBytes == 0);
    }

    [Fact]
    public void A_number_of_applications_keeps_the_proportions() =>
        Shipped.Named("large").WithApplications(30).Applications.Select(kind => kind.Count).ShouldBe([10, 20]);

    private static List<string> Faults(string text) =>
        [.. ScenarioFile.Parse(text, Path.Combine(Shipped.Folder, "broken.yaml")).Faults.Select(fault =>
            $"{fault.Key}:{(fault.Value is null ? "" : $" '{fault.Value}'")} {fault.Problem}; {fault.Remedy}")];
}
