using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CsCheck;
using Federation.Sensor.Live;
using Federation.Sensor.Live.Kernel;
using Federation.Sensor.Tests.Live.Lab;
using Shouldly;

namespace Federation.Sensor.Tests.Live;

/// <summary>A kernel capture whose process ends while its files are kept open, as a service manager does.</summary>
public sealed class KernelInheritanceTests : IDisposable
{
    private static readonly LiveCaptureOptions Options = new() { Capacity = 100 };

    private readonly Wire wire = new();

    public void Dispose() => wire.Dispose();

    [LabFact]
    public void Frames_that_pass_while_there_is_no_process_are_in_the_next_one_s_first_cut() => wire.Host.Run(() =>
    {
        using var first = new KernelCapture(Options);
        first.Begin(Wire.Tap);
        Send(1, 10);
        var kept = Keep(first);
        first.Dispose();
        Send(2, 20);
        using var second = KernelCapture.Adopt(kept, Options)!;
        second.Inherited.ShouldBeNull("it was never cut, as one that this process loaded before it executed itself again");
        Send(3, 30);
        second.Begin(Wire.Tap);
        second.Cut().Tallies.ShouldSay([.. Sent(1, 10), .. Sent(2, 20), .. Sent(3, 30)]);
        second.Cut().Tallies.ShouldBeEmpty();
    });

    [LabFact]
    public void The_last_cut_before_the_end_can_be_read_again_and_cuts_go_on_being_numbered() => wire.Host.Run(() =>
    {
        var options = Options with { Time = TimeProvider.System };
        using var first = new KernelCapture(options);
        first.Inherited.ShouldBeNull();
        first.Begin(Wire.Tap);
        Gen.Int[0, 40].Array[1, 6].Sample(
            counts =>
            {
                long last = 0;
                foreach (var count in counts)
                {
                    Send(5, count);
                    last = first.Cut().Number;
                }

                using var second = KernelCapture.Adopt(Keep(first), options)!;
                second.Inherited!.Before.Number.ShouldBe(last);
                second.Inherited.Before.Tallies.ShouldSay(Sent(5, counts[^1]));
                second.Inherited.Before.Dropped.ShouldBe(0);
                (options.Time.GetUtcNow() - second.Inherited.Begun).ShouldBeInRange(TimeSpan.FromMilliseconds(-1), TimeSpan.FromMinutes(1));
            },
            iter: 20,
            threads: 1);
    });

    // As a child process does between its start and its own program, or a service manager for a while.
    [LabFact]
    public void A_point_that_was_taken_off_counts_no_more_though_somebody_holds_a_copy_of_its_file() => wire.Host.Run(() =>
    {
        using var first = new KernelCapture(Options);
        first.Begin(Wire.Tap);
        Send(1, 10);
        using var copy = KernelCapture.Adopt(Keep(first), Options)!;
        first.Begin();
        Send(2, 20);
        first.Cut().Tallies.ShouldSay(Sent(1, 10));
    });

    [LabFact]
    public void Tables_that_were_full_stay_so_and_tell_what_they_had_no_room_for() => wire.Host.Run(() =>
    {
        using var first = new KernelCapture(Options);
        first.Begin(Wire.Tap);
        Array.ForEach([.. Enumerable.Range(0, 150)], sender => Send(sender, 1));
        using var second = KernelCapture.Adopt(Keep(first), Options)!;
        var cut = second.Cut();
        (cut.Tallies.Count, cut.Dropped).ShouldBe((100, 50));
    });

    [LabFact]
    public void Files_of_another_capacity_or_not_all_of_them_are_not_gone_on_with() => wire.Host.Run(() =>
    {
        using var capture = new KernelCapture(Options);
        var files = capture.Files;
        KernelCapture.Adopt(files, Options with { Capacity = 101 }).ShouldBeNull();
        foreach (var file in files)
        {
            KernelCapture.Adopt(files.Remove(file), Options).ShouldBeNull();
        }

        KernelCapture.Adopt([], Options).ShouldBeNull();
    });

    [LabFact]
    public void An_interface_that_went_in_between_is_told_and_what_it_counted_is_counted()
    {
        wire.AddPair("tap1", "vm1");
        var other = wire.SenderOn("vm1");
        CapturePoint[] both = [Wire.Tap, new("tap1", CaptureSide.Tap)];
        var kept = wire.Host.Run(() =>
        {
            using var first = new KernelCapture(Options);
            first.Begin(both);
            other.Send(LiveFrames.From(7).Bytes);
            return Keep(first);
        });
        wire.Host.Ip("link delete tap1");
        Send(1, 3);
        wire.Host.Run(() =>
        {
            using var second = KernelCapture.Adopt(kept, Options)!;
            second.Watch(both).ShouldHaveSingleItem().Point.Interface.ShouldBe("tap1");
            second.Cut().Tallies.ShouldSay([.. Sent(1, 3), LiveFrames.From(7).On("tap1")]);
        });
    }

    private static IEnumerable<FrameTally> Sent(int sender, int count) => Enumerable.Repeat(LiveFrames.From(sender).On("tap0"), count);

    /// <summary>Holds its files open, whatever becomes of it.</summary>
    private static ImmutableArray<KeptFile> Keep(KernelCapture capture) =>
        [.. capture.Files.Select(file => file with { Descriptor = Duplicate(file.Descriptor) })];

    private void Send(int sender, int count)
    {
        for (var at = 0; at < count; at++)
        {
            wire.FromVm.Send(LiveFrames.From(sender).Bytes);
        }
    }

    [DllImport("libc", EntryPoint = "dup", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int descriptor);
}
