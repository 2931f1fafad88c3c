using Federation.Sensor.Live;
using Federation.Sensor.Tests.Live.Lab;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Live;

/// <summary>Interfaces that come, go, fail and come back while each backend watches.</summary>
public sealed class PointTests : IDisposable
{
    private static readonly CapturePoint Second = new("tap1", CaptureSide.Tap);
    private readonly Wire wire = new();

    public void Dispose() => wire.Dispose();

    [LabTheory]
    [MemberData(nameof(Backends.Each), MemberType = typeof(Backends))]
    public void Points_come_and_go_without_a_gap_on_the_others(string backend)
    {
        wire.AddPair("tap1", "vm1");
        var second = wire.SenderOn("vm1");
        using var capture = Create(backend, Wire.Tap);
        var frames = Enumerable.Range(0, 6000).Select(at => LiveFrames.From(at % 20)).ToArray();
        var sending = Task.Run(() => Array.ForEach(frames, frame => wire.FromVm.Send(frame.Bytes)));

        var cuts = new List<CaptureCut>();
        for (var round = 0; round < 3; round++)
        {
            wire.Host.Run(() => capture.Begin(Wire.Tap, Second));
            second.Send(LiveFrames.From(1).Bytes);
            wire.Host.Run(() => capture.Begin(Wire.Tap));
            second.Send(LiveFrames.From(2).Bytes);
            cuts.Add(wire.Host.Run(capture.Cut));
            cuts[^1].Tallies.Where(tally => tally.Interface == "tap1").ShouldSay([LiveFrames.From(1).On("tap1")]);
        }

        sending.Wait();
        cuts.Add(wire.Host.Run(capture.Cut));
        cuts.SelectMany(cut => cut.Tallies).Where(tally => tally.Interface == "tap0").ShouldSay(frames.Select(frame => frame.On("tap0")));
        cuts.ShouldAllBe(cut => cut.Dropped == 0 && cut.Lost.IsEmpty);
    }

    [LabTheory]
    [MemberData(nameof(Backends.Each), MemberType = typeof(Backends))]
    public void An_interface_that_goes_is_told_with_what_it_had_counted_and_the_others_go_on(string backend)
    {
        wire.AddPair("tap1", "vm1");
        var second = wire.SenderOn("vm1");
        using var capture = Create(backend, Wire.Tap, Second);
        second.Send(LiveFrames.From(1).Bytes);
        wire.Host.Ip("link delete tap1");
        wire.FromVm.Send(LiveFrames.From(2).Bytes);

        var cut = wire.Host.Run(capture.Cut);
        cut.Lost.ShouldHaveSingleItem().Point.ShouldBe(Second);
        cut.Tallies.ShouldSay([LiveFrames.From(1).On("tap1"), LiveFrames.From(2).On("tap0")]);

        wire.FromVm.Send(LiveFrames.From(3).Bytes);
        cut = wire.Host.Run(capture.Cut);
        cut.Lost.ShouldBeEmpty();
        cut.Tallies.ShouldSay([LiveFrames.From(3).On("tap0")]);
    }

    [LabTheory]
    [MemberData(nameof(Backends.Each), MemberType = typeof(Backends))]
    public void An_interface_that_comes_back_under_its_name_is_opened_again(string backend)
    {
        using var capture = Create(backend, Wire.Tap);
        wire.FromVm.Send(LiveFrames.From(1).Bytes);
        wire.Host.Ip("link delete tap0");
        wire.AddPair("tap0", "vm0");
        wire.Host.Run(() => capture.Begin(Wire.Tap));
        wire.SenderOn("vm0").Send(LiveFrames.From(1).Bytes);

        var cut = wire.Host.Run(capture.Cut);
        cut.Tallies.ShouldHaveSingleItem().ShouldBe(LiveFrames.From(1).On("tap0") with { Packets = 2, Bytes = 128 });
        cut.Lost.ShouldBeEmpty();
    }

    [LabTheory]
    [MemberData(nameof(Backends.Each), MemberType = typeof(Backends))]
    public void An_interface_that_goes_down_and_up_is_watched_all_the_same(string backend)
    {
        using var capture = Create(backend, Wire.Tap);
        wire.FromVm.Send(LiveFrames.From(1).Bytes);
        wire.Host.Ip("link set tap0 down", "link set tap0 up");
        wire.Host.AwaitUp("vm0");
        wire.Host.Run(() => capture.Begin(Wire.Tap));
        wire.FromVm.Send(LiveFrames.From(1).Bytes);

        wire.Host.Run(capture.Cut).Tallies.ShouldHaveSingleItem().Packets.ShouldBe(2);
    }

    [LabTheory]
    [MemberData(nameof(Backends.Each), MemberType = typeof(Backends))]
    public void A_point_that_cannot_be_watched_is_told_with_its_reason_and_the_others_are_watched(string backend)
    {
        using var capture = wire.Host.Run(() => Backends.Create(backend));
        var missing = new CapturePoint("nowhere0", CaptureSide.Tap);
        var loopback = new CapturePoint("lo", CaptureSide.Bridge);
        var again = Wire.Tap with { Side = CaptureSide.Bridge };
        var faults = wire.Host.Run(() => capture.Watch([missing, loopback, Wire.Tap, again]));

        faults.Select(fault => fault.Point).ShouldBe([missing, loopback, again]);
        faults[0].Reason.ShouldContain("no interface of that name");
        faults[1].Reason.ShouldContain("no Ethernet interface");
        faults[2].Reason.ShouldContain("counted twice");
        wire.FromVm.Send(LiveFrames.From(1).Bytes);
        wire.Host.Run(capture.Cut).Tallies.ShouldSay([LiveFrames.From(1).On("tap0")]);
    }

    private ILiveCapture Create(string backend, params CapturePoint[] points) => wire.Host.Run(() =>
    {
        var capture = Backends.Create(backend);
        capture.Begin(points);
        return capture;
    });
}
