using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Spool;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Spool;

public sealed class WindowSpoolProperties
{
    private static readonly Guid Boot = Guid.Parse("5d3ab5a2-6a52-4a0c-9f06-1f8d5a6f9d11");
    private static readonly SpoolOptions Roomy = new();
    private static readonly SpoolOptions Tight = new() { MaxBytes = 1 << 16, MaxMerged = 16 };

    [Fact]
    public void Whenever_the_power_fails_nothing_that_was_kept_is_lost_and_nothing_that_was_delivered_comes_back() =>
        Gen.Select(SpoolScript.Steps(30), Gen.Double[0, 1], Gen.Byte.Array[0, 40]).Sample(
            (steps, share, garbage) =>
            {
                var whole = new CrashingDisk();
                new SpoolScript(Boot).Run(new WindowSpool(whole, Roomy), steps);

                var disk = new CrashingDisk(1 + (long)(whole.Written * share));
                var script = new SpoolScript(Boot);
                RunUntilCrash(script, disk, Roomy, steps);

                var found = Drain(new WindowSpool(disk.Restarted(garbage), Roomy));
                found.Keys.ShouldBeSubsetOf(script.Waiting.Keys.Concat(script.Uncertain.Keys));
                foreach (var (number, report) in script.Waiting)
                {
                    Text(found[number]).ShouldBe(Text(report));
                }
            },
            iter: 1500);

    [Fact]
    public void Every_single_byte_is_a_place_to_fail()
    {
        SpoolScript.Step[] steps =
        [
            new(SpoolScript.Verb.Close, 0, 2, 3, 10), new(SpoolScript.Verb.Close, 1, 1, 1, 20), new(SpoolScript.Verb.Deliver, 0, 0, 0, 2),
            new(SpoolScript.Verb.Close, 0, 1, 0, 30), new(SpoolScript.Verb.TakeOnly, 1, 0, 0, 5), new(SpoolScript.Verb.Deliver, 1, 0, 0, 5),
            new(SpoolScript.Verb.Deliver, 0, 0, 0, 6), new(SpoolScript.Verb.Close, 1, 2, 2, 40),
        ];
        var whole = new CrashingDisk();
        new SpoolScript(Boot).Run(new WindowSpool(whole, Roomy), steps);
        for (var bytes = 1L; bytes <= whole.Written; bytes++)
        {
            var disk = new CrashingDisk(bytes);
            var script = new SpoolScript(Boot);
            RunUntilCrash(script, disk, Roomy, steps);
            var again = disk.Restarted();
            var found = Drain(new WindowSpool(again, Roomy));
            found.Keys.ShouldBeSubsetOf(script.Waiting.Keys.Concat(script.Uncertain.Keys));
            script.Waiting.Keys.ShouldBeSubsetOf(found.Keys);
            new WindowSpool(again, Roomy).Recovery.Reports.ShouldBe(0);
        }
    }

    [Fact]
    public void However_little_room_there_is_what_is_merged_adds_up_to_what_was_counted() =>
        Gen.Select(SpoolScript.Steps(60), Gen.Int[10, 60]).Sample(
            (steps, rounds) =>
            {
                var disk = new CrashingDisk();
                var spool = new WindowSpool(disk, Tight);
                var script = new SpoolScript(Boot);
                for (var round = 0; round < rounds; round++)
                {
                    script.Run(spool, steps);
                    spool.Figures.Bytes.ShouldBeLessThanOrEqualTo(Tight.MaxBytes + 4096);
                }

                var left = Drain(new WindowSpool(disk.Restarted(), Tight)).Values.ToList();
                left.Select(report => report.Origin).ShouldBeUnique();
                left.ShouldAllBe(report => report.Report.Covered == Window.Length);
                if (script.Loss.Lost == 0)
                {
                    // Merged windows may be delivered too: what came out and what is left are all that went in.
                    var counted = Everything(steps, rounds);
                    Sums([.. script.Delivered, .. left]).ShouldBe(Sums(counted));
                    script.Delivered.Concat(left).Count().ShouldBe(counted.Count);
                }
            },
            iter: 25);

    [Fact]
    public void A_power_failure_while_room_is_made_neither_loses_nor_doubles_anything() =>
        Gen.Select(SpoolScript.Steps(40), Gen.Int[10, 40], Gen.Double[0.3, 1]).Sample(
            (steps, rounds, share) =>
            {
                // Nothing is delivered, so that all of it has to be in what is left.
                steps = [.. steps.Where(step => step.Verb is SpoolScript.Verb.Close or SpoolScript.Verb.SkipWindow)];
                var script = Repeat(steps, rounds);
                var whole = new CrashingDisk();
                new SpoolScript(Boot).Run(new WindowSpool(whole, Tight), script);

                var disk = new CrashingDisk(1 + (long)(whole.Written * share));
                var counted = new SpoolScript(Boot);
                RunUntilCrash(counted, disk, Tight, script);
                if (counted.Loss.Lost > 0)
                {
                    return;
                }

                var left = Drain(new WindowSpool(disk.Restarted(), Tight)).Values.ToList();
                var certain = Sums(counted.Waiting.Values);
                var possible = Sums(counted.Waiting.Values.Concat(counted.Uncertain.Values));
                Sums(left).ShouldBeOneOf(certain, possible);
            },
            iter: 25);

    [Fact]
    public void A_power_failure_before_any_file_is_taken_away_doubles_nothing()
    {
        var steps = Enumerable.Repeat(new SpoolScript.Step(SpoolScript.Verb.Close, 0, 2, 4, 10), 1500).ToList();
        var whole = new CrashingDisk();
        new SpoolScript(Boot).Run(new WindowSpool(whole, Tight), steps);
        whole.Deletions.Count.ShouldBeGreaterThan(10);
        foreach (var bytes in whole.Deletions)
        {
            var disk = new CrashingDisk(bytes + 1);
            var script = new SpoolScript(Boot);
            RunUntilCrash(script, disk, Tight, steps);
            Sums(Drain(new WindowSpool(disk.Restarted(), Tight)).Values).ShouldBe(Sums(script.Waiting.Values));
        }
    }

    [Fact]
    public void What_was_delivered_does_not_come_back_when_the_file_that_says_so_is_merged()
    {
        var disk = new CrashingDisk();
        var spool = new WindowSpool(disk, Tight);
        var script = new SpoolScript(Boot);
        for (var i = 0; i < 1500; i++)
        {
            script.Run(spool, [new(SpoolScript.Verb.Close, 0, 2, 4, 10), new(SpoolScript.Verb.Close, 1, 1, 1, 10), new(SpoolScript.Verb.Deliver, 1, 0, 0, 6)]);
        }

        script.Loss.Merged.ShouldBeGreaterThan(0);
        new WindowSpool(disk.Restarted(), Tight).Applications.ShouldBe([AppId.Parse("app0")]);
    }

    [Fact]
    public void What_may_have_reached_the_service_is_never_merged()
    {
        var disk = new CrashingDisk();
        var spool = new WindowSpool(disk, Tight);
        var script = new SpoolScript(Boot);
        script.Run(spool, [new(SpoolScript.Verb.Close, 0, 2, 4, 10), new(SpoolScript.Verb.Close, 0, 2, 4, 10)]);
        var taken = spool.Take(AppId.Parse("app0"), 4).SelectMany(entry => entry.Reports()).Select(Text).ToList();
        for (var i = 0; i < 2000; i++)
        {
            script.Run(spool, [new(SpoolScript.Verb.Close, 0, 2, 4, 10)]);
        }

        script.Loss.Merged.ShouldBeGreaterThan(0);
        script.Loss.Lost.ShouldBe(0);
        new WindowSpool(disk.Restarted(), Tight).Take(AppId.Parse("app0"), 4).SelectMany(entry => entry.Reports()).Select(Text)
            .ShouldBe(taken);
    }

    [Fact]
    public void A_day_of_20_VMs_with_20_peers_each_takes_some_10_MB()
    {
        var spool = new WindowSpool(new CrashingDisk(), Roomy);
        spool.Append(AppId.Parse("cg"), [.. Enumerable.Range(0, 20).Select(vm => new NumberedReport(
            new ReportOrigin("host1", Boot, vm + 1),
            new WindowReport(
                new VmId($"vm{vm}"),
                SpoolScript.Start,
                [.. Enumerable.Range(0, 20).Select(peer => new TrafficRecord(
                    Address.Parse($"10.0.0.{peer}"), FlowDirection.Received, 20_000 + peer, 10_000_000 + peer))],
                Window.Length)))]);
        (spool.Figures.Bytes * 2880 / 1e6).ShouldBeInRange(5, 12);
    }

    [Fact]
    public void Windows_on_both_sides_of_a_gap_are_not_merged_over_it()
    {
        var spool = new WindowSpool(new CrashingDisk(), Tight);
        var script = new SpoolScript(Boot);
        for (var i = 0; i < 1000; i++)
        {
            script.Run(spool, [new(SpoolScript.Verb.Close, 0, 2, 4, 10), new(SpoolScript.Verb.SkipWindow, 0, 0, 0, 0)]);
        }

        script.Loss.Merged.ShouldBe(0);
        script.Loss.Lost.ShouldBeGreaterThan(0);
        Drain(spool).Values.ShouldAllBe(report => report.Report.Merged == 1 && report.Report.Window.WindowsSince(SpoolScript.Start) % 2 == 0);
    }

    private static void RunUntilCrash(SpoolScript script, CrashingDisk disk, SpoolOptions options, IEnumerable<SpoolScript.Step> steps)
    {
        try
        {
            script.Run(new WindowSpool(disk, options), steps);
        }
        catch (IOException)
        {
        }
    }

    private static IEnumerable<SpoolScript.Step> Repeat(SpoolScript.Step[] steps, int rounds) =>
        Enumerable.Range(0, rounds).SelectMany(_ => steps);

    private static List<NumberedReport> Everything(SpoolScript.Step[] steps, int rounds)
    {
        var all = new SpoolScript(Boot);
        all.Run(new WindowSpool(new CrashingDisk(), Roomy), Repeat(steps, rounds).Where(
            step => step.Verb is SpoolScript.Verb.Close or SpoolScript.Verb.SkipWindow));
        return [.. all.Waiting.Values];
    }

    private static Dictionary<long, NumberedReport> Drain(WindowSpool spool)
    {
        var found = new Dictionary<long, NumberedReport>();
        while (spool.Applications is [var application, ..])
        {
            var taken = spool.Take(application, 10);
            foreach (var report in taken.SelectMany(entry => entry.Reports()))
            {
                found.Add(report.Origin.Sequence, report);
            }

            spool.Acknowledge(taken.Select(entry => entry.Id));
        }

        return found;
    }

    private static string Sums(IEnumerable<NumberedReport> reports) => string.Join('\n', reports
        .SelectMany(report => report.Report.Records)
        .GroupBy(record => record.Peer)
        .OrderBy(peer => peer.Key)
        .Select(peer => $"{peer.Key} {peer.Sum(record => record.Packets)} {peer.Sum(record => record.Bytes)}"))
        + $"\ndropped {reports.Sum(report => report.Report.Dropped)}";

    private static string Text(NumberedReport report) =>
        $"{report.Origin} {report.Report with { Records = [] }} {string.Join(' ', report.Report.Records)}";
}
