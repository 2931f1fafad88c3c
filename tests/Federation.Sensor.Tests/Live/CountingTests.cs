using CsCheck;
using Federation.Sensor.Live;
using Federation.Sensor.Tests.Live.Lab;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Live;

/// <summary>Each backend on one wire, with frames that the test sends one by one.</summary>
public sealed class CountingTests : IDisposable
{
    private readonly Wire wire = new();

    public void Dispose() => wire.Dispose();

    [LabFact]
    public void All_backends_count_every_kind_of_frame_exactly_and_agree_side_by_side() => wire.Host.Run(() =>
    {
        var captures = Backends.All.Select(name => Backends.Create(name)).ToArray();
        Array.ForEach(captures, capture => capture.Begin(Wire.Tap));
        LiveFrames.Any.Array[0, 60].Sample(
            frames =>
            {
                Array.ForEach(frames, Send);
                var expected = frames.Select(frame => frame.On("tap0")).ToArray();
                foreach (var cut in captures.Select(capture => capture.Cut()))
                {
                    cut.Dropped.ShouldBe(0);
                    cut.Tallies.ShouldSay(expected);
                    cut.Tallies.Count.ShouldBe(Tallies.Sum(expected).Count);
                }
            },
            iter: 60,
            threads: 1);
        Array.ForEach(captures, capture => capture.Dispose());
    });

    [LabFact]
    public void All_backends_look_into_tunnels_if_that_is_asked_for_and_agree_side_by_side() => wire.Host.Run(() =>
    {
        var captures = Backends.All.Select(name => Backends.Create(name, inner: true)).ToArray();
        Array.ForEach(captures, capture => capture.Begin(Wire.Tap));
        Gen.Select(LiveFrames.Tunnelled.Array[0, 30], LiveFrames.Any.Array[0, 10]).Sample(
            (tunnelled, plain) =>
            {
                Array.ForEach(tunnelled, frame => Send(frame.Inner with { Bytes = frame.Outer }));
                Array.ForEach(plain, Send);
                var expected = tunnelled.Select(frame => frame.Inner).Concat(plain).Select(frame => frame.On("tap0")).ToArray();
                foreach (var cut in captures.Select(capture => capture.Cut()))
                {
                    cut.Dropped.ShouldBe(0);
                    cut.Tallies.ShouldSay(expected);
                }
            },
            iter: 60,
            threads: 1);
        Array.ForEach(captures, capture => capture.Dispose());
    });

    [LabTheory]
    [MemberData(nameof(Backends.Each), MemberType = typeof(Backends))]
    public void However_often_a_window_is_cut_while_traffic_flows_the_cuts_add_up(string backend) => wire.Host.Run(() =>
    {
        using var capture = Backends.Create(backend);
        capture.Begin(Wire.Tap);
        Gen.Int[0, 300].Array[1, 12].Sample(
            pauses =>
            {
                // Fewer than a ring holds, so that none may be dropped however slow the machine is.
                var frames = Enumerable.Range(0, 4000).Select(at => LiveFrames.From(at % 50, towards: at % 3 == 0)).ToArray();
                using var begun = new CountdownEvent(2);
                Task[] sending = [.. frames.Chunk(frames.Length / 2).Select(half => Task.Run(() =>
                {
                    // Two at once, with the same addresses: processors meet at the same keys.
                    begun.Signal();
                    Array.ForEach(half, Send);
                }))];
                begun.Wait();
                var cuts = new List<CaptureCut>();
                foreach (var pause in pauses)
                {
                    Thread.SpinWait(pause * 100);
                    cuts.Add(capture.Cut());
                }

                Task.WaitAll(sending);
                cuts.Add(capture.Cut());
                cuts.Sum(cut => cut.Dropped).ShouldBe(0);
                cuts.SelectMany(cut => cut.Tallies).ShouldSay(frames.Select(frame => frame.On("tap0")));
            },
            iter: 5,
            threads: 1);
    });

    [LabTheory]
    [MemberData(nameof(Backends.Each), MemberType = typeof(Backends))]
    public void Frames_for_which_the_table_has_no_room_are_told_as_dropped(string backend) => wire.Host.Run(() =>
    {
        using var capture = Backends.Create(backend, capacity: 10);
        capture.Begin(Wire.Tap);
        for (var window = 0; window < 3; window++)
        {
            var frames = Enumerable.Range(0, 30).Select(at => LiveFrames.From(at)).ToArray();
            Array.ForEach(frames, Send);
            Array.ForEach(frames, Send);
            var cut = capture.Cut();
            cut.Dropped.ShouldBe(40);
            cut.Tallies.ShouldSay(frames.Take(10).SelectMany(frame => Enumerable.Repeat(frame.On("tap0"), 2)));
        }
    });

    [LabTheory]
    [MemberData(nameof(Backends.Each), MemberType = typeof(Backends))]
    public void A_window_in_which_nothing_passed_is_empty_and_exact(string backend) => wire.Host.Run(() =>
    {
        using var capture = Backends.Create(backend);
        capture.Cut().Tallies.ShouldBeEmpty();
        capture.Begin(Wire.Tap);
        var cut = capture.Cut();
        cut.Tallies.ShouldBeEmpty();
        cut.Dropped.ShouldBe(0);
        cut.Lost.ShouldBeEmpty();
    });

    private void Send(LiveFrame frame) => (frame.Towards ? wire.ToVm : wire.FromVm).Send(frame.Bytes);
}
