using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Grains.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class RetentionGrainTests
{
    private static readonly AppId App = AppId.Parse("astro/cg.1");
    private static readonly int[] Ages = [0, 10, 200, 400, 2881];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_older_than_the_retention_goes_and_nothing_else()
    {
        await using var cluster = await Cluster.Start();
        var now = Window.LastClosed(TimeProvider.System.GetUtcNow());
        await cluster.Traffic.Append([.. Ages.Select(age => ReportOf(App, now.Shift(-age)))], Cancel);
        await cluster.Traffic.Append([ReportOf(AppId.Parse("astro/ft.1"), now.Shift(-400))], Cancel);
        var retention = cluster.Grains.Retention(App);

        (await retention.Sweep()).ShouldBe(0, "unlimited unless somebody says otherwise");
        await retention.Keep(TimeSpan.FromHours(1));
        (await retention.Sweep()).ShouldBe(3);
        (await retention.Sweep()).ShouldBe(0);

        (await cluster.Traffic.Read(App, now.Shift(-5000), now, Cancel)).Select(report => report.Window).ShouldBe([now.Shift(-10), now]);
        (await cluster.Traffic.LatestWindow(AppId.Parse("astro/ft.1"), Cancel)).ShouldNotBeNull();
        await retention.Keep(null);
        (await retention.Sweep()).ShouldBe(0);
    }

    private static SubmittedReport ReportOf(AppId application, Window window) => new(
        application,
        new ReportOrigin("host-a", Guid.NewGuid(), 1),
        new WindowReport(new("vm1"), window, [], Window.Length));
}
