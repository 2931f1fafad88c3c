using Shouldly;
using Xunit;

namespace Federation.Files.Tests.SiteFiles;

public sealed class DepartureTests
{
    private const string Key = "departures: [{ days: sat-sun, from: \"08:00\", until: \"18:00\", zone: Europe/Paris }]";

    [Fact]
    public void When_VMs_may_leave_is_read_and_written_as_when_they_may_arrive()
    {
        var site = SiteFile.Parse(Samples.Site.Replace("  approval: manual", $"  {Key}", StringComparison.Ordinal), "rennes.yaml").Value.ShouldNotBeNull();
        var window = site.Policy.Departures.ShouldHaveSingleItem();
        window.Days.ShouldBe([DayOfWeek.Sunday, DayOfWeek.Saturday]);
        (window.From, window.Until).ShouldBe((new TimeOnly(8, 0), new TimeOnly(18, 0)));
        var json = SiteFile.ToJson(site);
        SiteFile.ToJson(SiteFile.Parse(json, "rennes.yaml").Value.ShouldNotBeNull()).ShouldBe(json);
    }

    [Fact]
    public void Left_out_VMs_may_leave_at_any_time() =>
        SiteFile.Parse(Samples.Site, "rennes.yaml").Value.ShouldNotBeNull().Policy.Departures.ShouldBeEmpty();
}
