using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class TrafficGrainTests
{
    private static readonly Window Newest = Window.LastClosed(TimeProvider.System.GetUtcNow());
    private static readonly Guid Boot = Guid.NewGuid();
    private static readonly AppId App = Samples.View([Samples.Site("a")], Samples.Vm("vm1")).Application.Id with { Incarnation = 1 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_windows_may_come_again_and_at_once_and_are_stored_and_counted_once()
    {
        await using var cluster = await Cluster.Start();
        var traffic = await Applied(cluster);
        var sent = Sent(("vm1", 7), ("vm2", 9));

        var taken = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => traffic.Take(sent)));

        taken.SelectMany(answer => answer.Fates).Count(fate => fate.Outcome == AppendOutcome.Stored).ShouldBe(2);
        taken.SelectMany(answer => answer.Fates).ShouldAllBe(fate => fate.Refusal == null);
        (await traffic.Progress(Newest)).ShouldBe(new(2, 2));
        (await traffic.Window(Newest)).Matrix.SentOutside.Values.Sum(flow => flow.Packets).ShouldBe(16);
    }

    [Fact]
    public async Task Of_a_duplicate_that_was_stored_behind_its_back_the_grain_knows_what_the_store_has()
    {
        await using var cluster = await Cluster.Start();
        var traffic = await Applied(cluster);
        await traffic.Take(Sent(("vm1", 7)));
        await cluster.Traffic.Append([new(App, new("host-a", Guid.NewGuid(), 1), Report("vm2", 100))], Cancel);

        (await traffic.Take(Sent(("vm2", 9)))).Fates.ShouldHaveSingleItem().Outcome.ShouldBe(AppendOutcome.Duplicate);

        (await traffic.Window(Newest)).Matrix.SentOutside[new("vm2")].Packets.ShouldBe(100);
    }

    [Fact(Timeout = 60_000)]
    public async Task Groups_are_found_as_soon_as_the_last_VM_has_reported_however_soon_after_the_first()
    {
        await using var cluster = await Cluster.Start();
        var traffic = await Applied(cluster);
        await traffic.Take(Sent(("vm1", 7)));
        await traffic.Take(Sent(("vm2", 9)));

        while ((await cluster.Grains.Groups(App).Get()).Detection is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task What_was_stored_before_the_grain_woke_is_in_its_answers()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Traffic.Append([new(App, new("host-a", Boot, 1), Report("vm1", 5))], Cancel);
        var traffic = await Applied(cluster);

        (await traffic.Newest()).ShouldBe(new Dictionary<VmId, Window> { [new("vm1")] = Newest });
        (await traffic.Progress(Newest)).ShouldBe(new(1, 2));
        (await traffic.Take(Sent(("vm1", 5)))).Fates.ShouldHaveSingleItem().Outcome.ShouldBe(AppendOutcome.Duplicate);
        (await traffic.Window(Newest)).Matrix.SentOutside[new("vm1")].Packets.ShouldBe(5);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_window_ahead_of_the_clock_is_stored_and_counts_once_the_clock_is_there()
    {
        await using var cluster = await Cluster.Start();
        var traffic = await Applied(cluster);
        var now = Window.Newest(TimeProvider.System.GetUtcNow());
        var ahead = now.Shift(100);
        await traffic.Take(Sent(now, ("vm1", 7)));

        (await traffic.Take(Sent(ahead, ("vm1", 9), ("vm2", 11)))).Fates.Select(fate => fate.Outcome).ShouldAllBe(outcome => outcome == AppendOutcome.Stored);
        (await traffic.Take(Sent(ahead, ("vm1", 9)))).Fates.ShouldHaveSingleItem().Outcome.ShouldBe(AppendOutcome.Duplicate);

        (await traffic.Newest()).ShouldBe(new Dictionary<VmId, Window> { [new("vm1")] = now });
        (await traffic.Progress(ahead)).ShouldBe(new(0, 2));
        await cluster.Forget();
        (await traffic.Newest()).ShouldBe(new Dictionary<VmId, Window> { [new("vm1")] = now }, "after a restart too");
        (await cluster.Grains.Groups(App).Detections(5, new())).Select(detection => detection.Window).ShouldBe([now]);

        cluster.Clock.Advance(100 * Window.Length);
        (await traffic.Newest()).ShouldBe(new Dictionary<VmId, Window> { [new("vm1")] = ahead, [new("vm2")] = ahead });
        (await traffic.Window(ahead)).Matrix.SentOutside.Values.Sum(flow => flow.Packets).ShouldBe(20);
        (await traffic.Window(now)).Matrix.SentOutside[new("vm1")].Packets.ShouldBe(7);

        // The next report has its groups looked for.
        await traffic.Take(Sent(ahead.Next, ("vm1", 1)));
        while ((await cluster.Grains.Groups(App).Get()).Detection is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_clock_that_was_set_a_day_ahead_and_back_leaves_no_window_of_tomorrow_as_the_newest()
    {
        await using var cluster = await Cluster.Start();
        var traffic = await Applied(cluster);
        cluster.Clock.Advance(TimeSpan.FromDays(1));
        var tomorrow = Window.Newest(cluster.Clock.GetUtcNow());
        foreach (var back in Enumerable.Range(0, 30))
        {
            await traffic.Take(Sent(tomorrow.Shift(-back), ("vm1", back + 1)));
        }

        (await traffic.Newest())[new("vm1")].ShouldBe(tomorrow);
        cluster.Clock.Advance(TimeSpan.FromDays(-1));
        (await traffic.Newest()).ShouldBeEmpty();

        var today = Window.Newest(cluster.Clock.GetUtcNow());
        await traffic.Take(Sent(today, ("vm1", 50), ("vm2", 60)));
        (await traffic.Newest()).Values.ShouldAllBe(window => window == today);
        (await traffic.Progress(today)).ShouldBe(new(2, 2));
        cluster.Clock.Advance(TimeSpan.FromDays(1));
        (await traffic.Newest())[new("vm1")].ShouldBe(tomorrow);
    }

    [Fact]
    public async Task A_VM_that_the_application_has_not_and_another_life_of_its_name_are_refused_and_not_stored()
    {
        await using var cluster = await Cluster.Start();
        var traffic = await Applied(cluster);

        Codes(await traffic.Take(Sent(("vm1", 1), ("vm9", 1)))).ShouldBe([null, RefusalCode.ReportOfUnknownVm]);
        Codes(await cluster.Grains.Traffic(App with { Incarnation = 2 }).Take(Sent(("vm1", 1)))).ShouldBe([RefusalCode.ReportOfNoApplication]);
        Codes(await cluster.Grains.Traffic(AppId.Parse("astro/nobody.1")).Take(Sent(("vm1", 1)))).ShouldBe([RefusalCode.ReportOfNoApplication]);
        foreach (var (application, windows) in ((AppId, int)[])[(App, 1), (App with { Incarnation = 2 }, 0), (AppId.Parse("astro/nobody.1"), 0)])
        {
            (await cluster.Traffic.Read(application, Newest, Newest, Cancel)).Length.ShouldBe(windows, application.Key);
        }
    }

    [Fact]
    public async Task A_sensor_reports_under_its_own_name_and_only_what_was_on_its_host_then()
    {
        await using var cluster = await Cluster.Start();
        var traffic = await Applied(cluster);
        var vm = cluster.Grains.Vm(new(App, new("vm1")));
        await vm.SetLocation(Samples.At("a"), await vm.NextEpoch("test"));
        await vm.RunsOnHost("h1");
        // Not Newest, which may be of long before: the VM was not there then.
        var closed = Window.LastClosed(TimeProvider.System.GetUtcNow());
        CallerToken.Current = Cluster.TokenOfSensor;

        Codes(await traffic.Take(Sent(closed, ("vm1", 1), ("vm2", 1)))).ShouldBe([null, RefusalCode.ReportOfStranger]);
        var old = Report("vm1", 1, closed.Shift(-100));
        Codes(await traffic.Take(new("host-a", Boot, [new(5, old.Vm, PackedPart.Of(new("host-a", old)))]))).ShouldBe([RefusalCode.ReportFromElsewhere]);
        Codes(await traffic.Take(Sent(closed, ("vm1", 1)) with { Sensor = "host-b" })).ShouldBe([RefusalCode.ReportUnderOtherName]);
    }

    [Fact]
    public async Task A_window_that_two_sensors_report_whole_is_remarked_in_answers_and_told_once_for_as_long_as_it_goes_on()
    {
        await using var cluster = await Cluster.Start();
        var traffic = await Applied(cluster);
        foreach (var back in Enumerable.Range(0, 4).Reverse())
        {
            await traffic.Take(Sent(Newest.Shift(-back), ("vm1", 10 + (2 * back)), ("vm2", 10 + (2 * back))));
            await traffic.Take(By("host-b", Sent(Newest.Shift(-back), ("vm1", 10 + (2 * back)))));
        }

        (await Doubled(traffic, 4)).ShouldBe(["vm1", "vm1", "vm1", "vm1"]);
        await cluster.Forget();
        (await Doubled(traffic, 1)).ShouldBe(["vm1"], "of the newest");
        (await Told(cluster)).ShouldHaveSingleItem().ShouldBe(
            $"{App}: the sensors host-a, host-b each report the whole window {Newest.Shift(-3)} of vm1: frames that they both see count twice; "
            + "let one sensor report a VM, and stop the others");
    }

    [Fact]
    public async Task Double_reports_that_come_back_after_they_had_ended_are_told_again()
    {
        await using var cluster = await Cluster.Start();
        var traffic = await Applied(cluster);
        foreach (var back in (int[])[60, 59, 10])
        {
            await traffic.Take(Sent(Newest.Shift(-back), ("vm1", back)));
            await traffic.Take(By("host-b", Sent(Newest.Shift(-back), ("vm1", back))));
        }

        (await Told(cluster)).Select(text => text.Contains($"{Newest.Shift(-10)}", StringComparison.Ordinal)).ShouldBe([false, true]);
    }

    [Fact]
    public async Task The_window_of_a_VM_that_moved_has_a_whole_part_of_each_host_and_nothing_is_remarked()
    {
        await using var cluster = await Cluster.Start();
        var traffic = await Applied(cluster);
        var vm = cluster.Grains.Vm(new(App, new("vm1")));
        await vm.SetLocation(Samples.At("a"), await vm.NextEpoch("test"));
        await vm.RunsOnHost("h1");
        await vm.RunsOnHost("h2");
        var window = Window.LastClosed(TimeProvider.System.GetUtcNow());
        await traffic.Take(Sent(window, ("vm1", 7)));
        await traffic.Take(By("host-b", Sent(window, ("vm1", 9))));

        (await Doubled(traffic, 1, window)).ShouldBeEmpty();
        (await Told(cluster)).ShouldBeEmpty();
    }

    private static SentWindows By(string sensor, SentWindows sent) => new(sensor, Boot, [.. sent.Windows.Select(window => window with
    {
        Part = PackedPart.Of(new(sensor, window.Part.Unpack(window.Vm))),
    })]);

    private static async Task<IEnumerable<string>> Doubled(ITrafficGrain traffic, int windows, Window? last = null)
    {
        var query = new TrafficQuery((last ?? Newest).End, windows, TimeSpan.Zero, Approximate: false, new AnswerForm.Mean());
        var answer = (await traffic.Query(query, Cancel))!.Outcome.ShouldBeOfType<QueryOutcome.Answered>().Answer;
        return answer.Windows.SelectMany(window => window.Doubled).Select(doubled => doubled.Value);
    }

    private static async Task<List<string>> Told(Cluster cluster) => [.. (await cluster.Events.ReadAfter(0, 100, Cancel))
        .Select(logged => logged.Event).Where(happened => happened.Kind.Value == "traffic.doubled").Select(happened => happened.Text)];

    private static async Task<ITrafficGrain> Applied(Cluster cluster)
    {
        var view = Samples.View([Samples.Site("a")], [.. Enumerable.Range(1, 2).Select(number => Samples.Vm($"vm{number}"))]);
        await cluster.Grains.Site(view.Sites[0].Id).Apply(view.Sites[0]);
        await cluster.Grains.Application(view.Application.Id).Apply(view.Application);
        return cluster.Grains.Traffic(App);
    }

    private static SentWindows Sent(params (string Vm, long Packets)[] windows) => Sent(Newest, windows);

    private static SentWindows Sent(Window at, params (string Vm, long Packets)[] windows) => new("host-a", Boot, [.. windows.Select(
        (window, place) => new SentWindow(place + window.Packets, new(window.Vm), PackedPart.Of(new("host-a", Report(window.Vm, window.Packets, at)))))]);

    private static WindowReport Report(string vm, long packets, Window? at = null) => new(
        new(vm), at ?? Newest, [new(Address.Parse("192.0.2.1"), FlowDirection.Sent, packets, 100)], Window.Length);

    private static IEnumerable<RefusalCode?> Codes(WindowsTaken taken) => taken.Fates.Select(fate => fate.Refusal?.Code);
}
