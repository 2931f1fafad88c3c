using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Grains.Tests.Making;
using Federation.Testing;
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
        (await cluster.Traffic.LatestWindow(AppId.Parse("astro/ft.1"), null, Cancel)).ShouldNotBeNull();
        await retention.Keep(null);
        (await retention.Sweep()).ShouldBe(0);
    }

    [Fact]
    public async Task With_the_last_traffic_of_a_deleted_application_go_the_worlds_of_its_plans_and_of_no_others()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Grains.Site(new("a")).Apply(Samples.Site("a"));
        var (gone, kept) = (await Planned(cluster, "cg"), await Planned(cluster, "ft"));
        cluster.Storage.Count("world").ShouldBe(6, "two plans of each saw the same sites at different times");
        await cluster.Grains.Application(App).Delete();
        // A later life of the name has worlds of its own.
        var anew = await Planned(cluster, "cg");
        await cluster.Traffic.Append([ReportOf(App, Window.LastClosed(cluster.Clock.GetUtcNow()))], Cancel);
        var retention = cluster.Grains.Retention(App);
        await retention.Keep(TimeSpan.FromHours(1));

        await retention.Sweep();
        (await cluster.Grains.Plan(gone).World()).ShouldNotBeNull("its traffic is kept for an hour");
        cluster.Clock.Advance(TimeSpan.FromHours(2));
        await retention.Sweep();
        (await cluster.Grains.Plan(gone).World()).ShouldNotBeNull("the clock has leapt: it is believed the second time");
        await retention.Sweep();

        (await cluster.Grains.Plan(gone).World()).ShouldBeNull();
        (await cluster.Grains.Plan(gone).Get()).ShouldNotBeNull("the plan itself is kept");
        (await cluster.Grains.Plan(kept).World()).ShouldNotBeNull();
        (await cluster.Grains.Plan(anew).World()).ShouldNotBeNull();
        cluster.Storage.Count("world").ShouldBe(6);
        (await cluster.HasReminder(retention, "sweep")).ShouldBeFalse();
    }

    // Its second plan.
    private static async Task<PlanId> Planned(Cluster cluster, string name)
    {
        var named = new AppId(new("astro"), name);
        var application = Samples.View([], Samples.Vm("vm1")).Application with { Id = named };
        var life = (await cluster.Grains.Application(named).Apply(application)).Version!.Value.Incarnation;
        var placement = cluster.Grains.Placement(named with { Incarnation = life });
        await placement.Plan(new(1, "search", 0, 1), Cancel);
        return (await placement.Plan(new(1, "search", 0, 1), Cancel))!.Id;
    }

    private static SubmittedReport ReportOf(AppId application, Window window) => new(
        application,
        new ReportOrigin("host-a", Guid.NewGuid(), 1),
        new WindowReport(new("vm1"), window, [], Window.Length));
}
