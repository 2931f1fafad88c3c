using System.Net;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Observing;

public sealed class DashboardTests
{
    [Fact]
    public async Task The_dashboard_shows_silos_and_grains_in_a_page_that_a_browser_may_run()
    {
        await using var service = await RunningService.Start("--Federation:Dashboard=true");
        await service.Apply(SampleFiles.TwoClouds);

        var counters = await service.Read("/dashboard/DashboardCounters");
        while (!counters.ToString().Contains("SiteGrain", StringComparison.Ordinal))
        {
            // It counts once a second.
            counters = await service.Read("/dashboard/DashboardCounters");
        }

        counters.GetProperty("hosts").GetArrayLength().ShouldBe(1);
        using var page = await service.Get("/dashboard/");
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        var policy = page.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("script-src 'self';");
        policy.ShouldContain("frame-ancestors 'none'");
    }

    [Fact]
    public async Task Where_nobody_has_asked_for_the_dashboard_there_is_none()
    {
        await using var service = await RunningService.Start();
        foreach (var path in (string[])["/dashboard/", "/dashboard/version", "/dashboard/GrainState"])
        {
            using var response = await service.Get(path);
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }
}
