using Shouldly;
using Xunit;

namespace Federation.Files.Tests;

/// <summary>What people write by habit: each is told at its line, with what is written here instead.</summary>
public sealed class WritingHabitsTests
{
    [Theory]
    [InlineData("overlap: 0.25", "overlap: 0,05", "overlap", "has a comma", "use a decimal point: 0.05")]
    [InlineData("overlap: 0.25", "overlap: 5%", "overlap", "is a percentage", "write the share: 0.05")]
    [InlineData("overlap: 0.25", "overlap: 12,5 %", "overlap", "is a percentage", "write the share: 0.125")]
    [InlineData("budget: 25.0", "budget: 1,500", "budget", "has a comma", "1.500, or 1500 if thousands are set apart")]
    [InlineData("budget: 25.0", "budget: 1,500,000.50", "budget", "has its thousands set apart", "write 1500000.50")]
    [InlineData("deadline: 4h", "deadline: 2026-12-01", "deadline", "is a date", "how long it lasts, such as 2h")]
    [InlineData("deadline: 4h", "deadline: 2026-12-01T18:00Z", "deadline", "is a date", "how long it lasts")]
    [InlineData("deadline: 4h", "deadline: 1.12.2026", "deadline", "is a date", "how long it lasts")]
    [InlineData("deadline: 4h", "deadline: 04:00", "deadline", "is a time of day", "how long it lasts")]
    [InlineData("deadline: 4h", "deadline: PT4H", "deadline", "is a duration of ISO 8601", "such as 90m")]
    [InlineData("deadline: 4h", "deadline: 2,5h", "deadline", "has a comma", "use a decimal point: 2.5h")]
    [InlineData("objective: cost", "objective: fastest", "objective", "is not one of cost, time, utilization", "write one of these")]
    [InlineData("objective: cost", "objective: tmie", "objective", "is not one of cost, time, utilization", "write e.g. time")]
    [InlineData("harmLimit: 0.5", "zebra: 0.5", "zebra", "is an unknown key", "the known ones are application, tenant")]
    [InlineData("harmLimit: 0.5", "harmlimit: 0.5", "harmlimit", "is an unknown key", "the nearest known one is 'harmLimit'")]
    public void In_an_application(string right, string wrong, string key, string problem, string remedy) =>
        ShouldSay(ApplicationFile.Parse(Samples.Application.Replace(right, wrong, StringComparison.Ordinal), "x").Faults, Samples.Application.LineOf(right), key, problem, remedy);

    [Theory]
    [InlineData("vms: 48, headroom: 0.1", "vms: 48, headroom: 0,05", "capacity.headroom", "has a comma", "use a decimal point: 0.05")]
    [InlineData("aws-eu-west-3: { latency: 12ms", "aws-eu-west-3: { latency: 12,5ms", "links.aws-eu-west-3.latency", "has a comma", "use a decimal point: 12.5ms")]
    [InlineData("latency: 12ms, bandwidth: 2.5Gbps", "latency: 12ms, bandwidth: 2,5Gbps", "links.aws-eu-west-3.bandwidth", "has a comma", "use a decimal point: 2.5Gbps")]
    [InlineData("coreHours: 5000", "coreHours: 5'000", "quotas[0].coreHours", "has its thousands set apart", "write 5000")]
    [InlineData("vcpus: 4\n", "vcpus: 1_000\n", "offers[0].vcpus", "has its thousands set apart", "write 1000")]
    [InlineData("from: 2026-11-23T18:00Z", "from: 2h", "availability[0].from", "is a duration, no point in time", "ISO 8601")]
    [InlineData("from: 2026-11-23T18:00Z", "from: \"18:00\"", "availability[0].from", "is a time of day, without a date", "ISO 8601")]
    [InlineData("from: \"20:00\"", "from: 2026-11-23", "policy.arrivals[0].from", "is a date, no time of day", "hours and minutes")]
    [InlineData("zone: Europe/Paris", "zone: Erewhon", "policy.arrivals[0].zone", "is no known time zone", "such as Europe/Paris")]
    public void In_a_site(string right, string wrong, string key, string problem, string remedy) =>
        ShouldSay(SiteFile.Parse(Samples.Site.Replace(right, wrong, StringComparison.Ordinal), "x").Faults, Samples.Site.LineOf(right), key, problem, remedy);

    [Theory]
    [InlineData(Samples.Site)]
    [InlineData(Samples.Application)]
    [InlineData(Samples.Cluster)]
    public void A_line_indented_with_a_tab_is_named(string sample)
    {
        var lines = sample.Split('\n');
        foreach (var (index, line) in lines.Index().Where(line => line.Item.StartsWith(' ')))
        {
            var text = string.Join('\n', lines.Select((each, at) => at == index ? $"\t{each.TrimStart()}" : each));
            var fault = SiteFile.Parse(text, "x").Faults.ShouldHaveSingleItem(line);
            (fault.Line, fault.Problem).ShouldBe((index + 1, "is indented with a tab"), line);
            fault.Remedy.ShouldContain("blanks");
        }
    }

    private static void ShouldSay(IEnumerable<Yaml.Fault> faults, int line, string key, string problem, string remedy)
    {
        var fault = faults.ShouldHaveSingleItem();
        (fault.Line, fault.Key).ShouldBe((line, key));
        fault.Problem.ShouldContain(problem);
        fault.Remedy.ShouldContain(remedy);
    }
}
