using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class GroupGrainTests
{
    private const long Much = 8_000_000_000;

    // By bytes vm1 and vm2 belong together, and vm3 and vm4; by packets vm1 and vm3, and vm2 and vm4.
    private static readonly (int From, int To, long Packets, long Bytes)[] Flows =
    [
        (1, 2, 3000, Much), (2, 1, 3000, Much), (3, 4, 3000, Much), (4, 3, 3000, Much),
        (1, 3, 15_000, 1_500_000), (3, 1, 15_000, 1_500_000), (2, 4, 15_000, 1_500_000), (4, 2, 15_000, 1_500_000),
    ];

    [Theory]
    [InlineData(Objective.Cost, Metric.Bytes, "vm1 vm2|vm3 vm4")]
    [InlineData(Objective.Time, Metric.Packets, "vm1 vm3|vm2 vm4")]
    public async Task Groups_are_found_by_what_is_dear_under_the_objective_and_the_status_says_why(Objective objective, Metric metric, string groups)
    {
        await using var cluster = await Cluster.Start();
        var status = await Detect(cluster, objective, new());
        Text(status).ShouldBe(groups);
        status.Detection.ShouldNotBeNull().Metric.ShouldBe(metric);
        status.Detection.MetricWhy.ShouldStartWith("were all pairs split, an hour's packets would cost");
        status.Detection.DetectorWhy.ShouldStartWith("4 VMs talk");
    }

    [Fact]
    public async Task What_the_application_asks_for_is_what_it_gets()
    {
        await using var cluster = await Cluster.Start();
        var status = await Detect(cluster, Objective.Cost, new() { Metric = Metric.Packets, Detector = DetectorKind.Leiden });
        Text(status).ShouldBe("vm1 vm3|vm2 vm4");
        status.Detection.ShouldBe(new(Metric.Packets, "as its description says", DetectorKind.Leiden, "as its description says"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Whoever_brings_a_window_does_not_wait_until_its_groups_are_found()
    {
        await using var cluster = await Cluster.Start();
        var newest = Window.LastClosed(TimeProvider.System.GetUtcNow());

        // So far back that it is read from the store.
        var old = newest.Shift(-30);
        var grain = await Reported(cluster, Objective.Cost, new(), [.. Reports(old, Flows), .. Reports(newest, Flows)]);
        cluster.Traffic.Close();
        await grain.WindowsCame([old]);
        await grain.WindowsCame([newest]);
        var asked = grain.Get();
        (await Task.WhenAny(asked, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, TestContext.Current.CancellationToken))).ShouldNotBe(asked);

        cluster.Traffic.Open();
        Text(await asked).ShouldBe("vm1 vm2|vm3 vm4");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_backlog_of_more_windows_than_a_turn_takes_is_worked_off_by_itself()
    {
        await using var cluster = await Cluster.Start();
        var newest = Window.LastClosed(TimeProvider.System.GetUtcNow());

        // In the last of fifty windows others belong together.
        var backlog = Enumerable.Range(0, 50).SelectMany(back => Reports(newest.Shift(-back), back < 5 ? [.. Flows.Skip(4)] : Flows));
        var grain = await Reported(cluster, Objective.Cost, new() { Metric = Metric.Bytes }, [.. backlog]);
        await grain.CatchUp();
        while (Text(await grain.Get()) != "vm1 vm3|vm2 vm4")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Windows_of_a_VM_that_the_description_has_no_more_are_left_out_of_detection_and_traffic()
    {
        await using var cluster = await Cluster.Start();
        var newest = Window.LastClosed(TimeProvider.System.GetUtcNow());

        // So far back that it is read from the store; vm5 is no VM of the application any more.
        var old = newest.Shift(-30);
        var grain = await Reported(
            cluster, Objective.Cost, new(), [.. Reports(old, [.. Flows, (1, 5, 90_000, Much), (2, 5, 90_000, Much)]), .. Reports(newest, Flows)]);
        var detections = await grain.Detections(40, new()).WaitAsync(TestContext.Current.CancellationToken);

        detections.Select(detection => detection.Window).ShouldBe([old, newest]);
        detections[0].Partition.Groups.SelectMany(group => group.Members).ShouldBe(detections[1].Partition.Groups.SelectMany(group => group.Members));
    }

    [Fact(Timeout = 60_000)]
    public async Task Groups_are_followed_on_after_a_clock_that_was_set_a_day_ahead_and_back()
    {
        await using var cluster = await Cluster.Start();
        var grain = await Reported(cluster, Objective.Cost, new() { Metric = Metric.Bytes }, []);
        var traffic = cluster.Grains.Traffic(AppId.Parse(grain.GetPrimaryKeyString()));
        cluster.Clock.Advance(TimeSpan.FromDays(1));
        (await Found([.. Flows.Skip(4)])).ShouldBe("vm1 vm3|vm2 vm4");

        cluster.Clock.Advance(TimeSpan.FromDays(-1));
        (await Found(Flows)).ShouldBe("vm1 vm2|vm3 vm4");

        // Two windows running, each reported in its time.
        async Task<string> Found((int From, int To, long Packets, long Bytes)[] flows)
        {
            for (var window = 0; window < 2; window++)
            {
                var newest = Window.Newest(cluster.Clock.GetUtcNow());
                await traffic.Take(new("host-a", Guid.NewGuid(), [.. Reports(newest, flows).Select((report, place) =>
                    new SentWindow(place + 1, report.Report.Vm, PackedPart.Of(new("host-a", report.Report))))]));
                await grain.Get().WaitAsync(TestContext.Current.CancellationToken);
                cluster.Clock.Advance(Window.Length);
            }

            return Text(await grain.Get());
        }
    }

    private static async Task<GroupsStatus> Detect(Cluster cluster, Objective objective, DetectionPolicy detection)
    {
        var newest = Window.LastClosed(TimeProvider.System.GetUtcNow());
        var grain = await Reported(cluster, objective, detection, [.. Reports(newest.Shift(-1), Flows), .. Reports(newest, Flows)]);
        await grain.CatchUp();
        return await grain.Get();
    }

    // In the store before any VM looks at it, as after a restart.
    private static async Task<IGroupGrain> Reported(Cluster cluster, Objective objective, DetectionPolicy detection, SubmittedReport[] reports)
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], [.. Enumerable.Range(1, 4).Select(Vm)]);
        foreach (var site in view.Sites)
        {
            await cluster.Grains.Site(site.Id).Apply(site);
        }

        var application = view.Application with { Objective = objective, Detection = detection };
        await cluster.Traffic.Append([.. reports.Select(report => report with { Application = application.Id })], TestContext.Current.CancellationToken);
        await cluster.Grains.Application(application.Id).Apply(application);
        return cluster.Grains.Groups(application.Id);
    }

    private static VmSpec Vm(int number) => Samples.Vm($"vm{number}") with { Addresses = [AddressOf(number)] };

    private static Address AddressOf(int number) => Address.Parse($"10.42.0.{number}");

    private static IEnumerable<SubmittedReport> Reports(Window window, (int From, int To, long Packets, long Bytes)[] flows) =>
        from flow in flows
        group flow by flow.To into received
        select new SubmittedReport(
            AppId.Parse("astro/of-the-view.1"),
            new ReportOrigin("host-a", Guid.NewGuid(), 1),
            new WindowReport(new($"vm{received.Key}"), window, Records(received), Window.Length));

    private static ImmutableArray<TrafficRecord> Records(IEnumerable<(int From, int To, long Packets, long Bytes)> flows) =>
        [.. flows.OrderBy(flow => flow.From)
            .Select(flow => new TrafficRecord(AddressOf(flow.From), FlowDirection.Received, flow.Packets, flow.Bytes))];

    private static string Text(GroupsStatus status) =>
        string.Join('|', status.Groups.Select(group => string.Join(' ', group.Members)));
}
