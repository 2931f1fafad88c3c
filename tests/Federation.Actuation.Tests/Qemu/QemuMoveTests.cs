using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Actuation.Tests.Qemu;

public sealed class QemuMoveTests
{
    private const string Busy = "hot=800 cold=16";

    private static readonly VmRef Vm = VmRef.Parse("astro/cg.1/vm1");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_move_of_several_rounds_waits_at_its_switch_and_at_its_end_and_loses_no_write()
    {
        await using var lab = new QemuLab();
        var guest = await lab.Start(PagesGuest.Spec("vm1", Busy));
        await lab.Begin(guest, QemuLab.Slow);
        await lab.Begin(guest, QemuLab.Slow);

        var held = await lab.A.Until(Vm, GuestState.AtSwitch);
        held!.Transfer!.Rounds.ShouldBeInRange(3, 4);
        held.Transfer.MemorySentBytes.ShouldBeGreaterThan(16 << 20);
        held.Transfer.DirtyBytesPerSecond!.Value.ShouldBeGreaterThan(0);
        (await lab.B.See(Vm))!.State.ShouldBe(GuestState.Receiving);
        await Should.ThrowAsync<DriverException>(() => lab.B.Driver.Run(Vm, Cancel));
        await Should.ThrowAsync<DriverException>(() => lab.A.Driver.Run(Vm, Cancel));
        (await lab.A.See(Vm))!.State.ShouldBe(GuestState.AtSwitch);

        var sent = await lab.Finish(Vm);
        await lab.A.Driver.Switch(QemuLab.Move, Vm, Cancel);
        sent.Transfer!.Fault.ShouldBeNull();
        (await lab.A.Until(Vm, now => now!.Transfer!.DowntimeSeconds > 0))!.State.ShouldBe(GuestState.Sent);

        await lab.B.Driver.Run(Vm, Cancel);
        await lab.B.Driver.Run(Vm, Cancel);
        (await lab.B.See(Vm))!.State.ShouldBe(GuestState.Running);
        await Should.ThrowAsync<DriverException>(() => lab.B.Driver.Cancel(QemuLab.Move, Vm, Cancel));
        await lab.A.Driver.Stop(Vm, Cancel);

        await lab.B.UntilItBeats(Vm);
        // As long as a round over all of its pages takes.
        await lab.B.UntilItBeats(Vm);
        await lab.B.UntilItBeats(Vm);
        PagesGuest.Stale(await lab.B.Console(Vm)).ShouldBe(0);
        PagesGuest.Beats(await lab.B.Console(Vm)).ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(GuestState.Running)]
    [InlineData(GuestState.AtSwitch)]
    public async Task A_move_that_is_cancelled_leaves_the_VM_running_where_it_was_and_the_next_move_succeeds(GuestState when)
    {
        await using var lab = new QemuLab();
        var guest = await lab.Start(PagesGuest.Spec("vm1", Busy));
        await lab.Begin(guest, QemuLab.Slow);
        await lab.A.Until(Vm, when);
        await lab.A.Driver.Cancel(QemuLab.Move, Vm, Cancel);
        await lab.A.Driver.Cancel(QemuLab.Move, Vm, Cancel);
        await lab.B.Driver.Cancel(QemuLab.Move, Vm, Cancel);
        await lab.B.Driver.Cancel(QemuLab.Move, Vm, Cancel);

        var there = await lab.A.See(Vm);
        there!.State.ShouldBe(GuestState.Running);
        there.Transfer!.Fault.ShouldNotBeNull();
        (await lab.B.Driver.Find(Cancel)).ShouldBeEmpty();
        Directory.Exists(lab.B.FolderOf(Vm).Path).ShouldBeFalse();
        await lab.A.UntilItBeats(Vm);

        var next = MigrationId.Parse("astro/cg.1.2.1");
        await lab.Begin(guest, new(), next);
        await lab.Finish(Vm, next);
        await lab.B.Driver.Run(Vm, Cancel);
        await lab.B.UntilItBeats(Vm);
    }

    [Fact]
    public async Task A_VM_whose_destination_dies_while_it_is_copied_or_at_its_switch_runs_on_at_its_source()
    {
        await using var lab = new QemuLab();
        var guest = await lab.Start(PagesGuest.Spec("vm1", Busy));
        await lab.Begin(guest, QemuLab.Slow);
        await lab.B.Crash(Vm);
        var there = await lab.A.Until(Vm, now => now!.Transfer!.Fault is not null);
        there!.State.ShouldBe(GuestState.Running);

        await lab.Begin(guest, QemuLab.Slow);
        await lab.A.Until(Vm, GuestState.AtSwitch);
        await lab.B.Crash(Vm);
        await lab.A.Driver.Cancel(QemuLab.Move, Vm, Cancel);
        (await lab.A.See(Vm))!.State.ShouldBe(GuestState.Running);
        await lab.A.UntilItBeats(Vm);
    }

    [Fact]
    public async Task A_VM_whose_destination_dies_once_it_has_all_runs_again_at_its_source_when_it_is_told_to()
    {
        await using var lab = new QemuLab();
        var guest = await lab.Start(PagesGuest.Spec("vm1"));
        await lab.Begin(guest, new());
        await lab.Finish(Vm);
        await lab.B.Crash(Vm);
        await lab.A.Driver.Cancel(QemuLab.Move, Vm, Cancel);
        (await lab.A.See(Vm))!.State.ShouldBe(GuestState.Sent);
        await lab.A.Driver.Run(Vm, Cancel);
        (await lab.A.See(Vm))!.State.ShouldBe(GuestState.Running);
        await lab.A.UntilItBeats(Vm);
        await lab.B.Driver.Cancel(QemuLab.Move, Vm, Cancel);
        Directory.Exists(lab.B.FolderOf(Vm).Path).ShouldBeFalse();
    }

    [Fact]
    public async Task A_destination_that_dies_after_it_was_told_to_run_leaves_nothing_once_its_move_is_cancelled()
    {
        await using var lab = new QemuLab();
        var guest = await lab.Start(PagesGuest.Spec("vm1"));
        await lab.Begin(guest, new());
        await lab.Finish(Vm);
        await lab.B.Driver.Run(Vm, Cancel);
        await lab.B.Crash(Vm);
        await lab.B.Driver.Cancel(QemuLab.Move, Vm, Cancel);
        Directory.Exists(lab.B.FolderOf(Vm).Path).ShouldBeFalse();
        await lab.A.Driver.Run(Vm, Cancel);
        await lab.A.UntilItBeats(Vm);
    }

    [Fact]
    public async Task A_VM_whose_source_dies_is_gone_while_it_is_copied_and_runs_at_its_destination_once_that_has_all()
    {
        await using var lab = new QemuLab();
        var guest = await lab.Start(PagesGuest.Spec("vm1", Busy));
        await lab.Begin(guest, QemuLab.Slow);
        // A destination that its source has never reached waits until it is told that the move is off.
        await lab.A.Until(Vm, now => now?.Transfer?.MemorySentBytes > 0);
        await lab.A.Crash(Vm);
        await lab.B.Until(Vm, now => now is null);
        (await lab.A.See(Vm)).ShouldBeNull();

        await lab.Start(guest);
        await lab.Begin(guest, new());
        await lab.Finish(Vm);
        await lab.A.Crash(Vm);
        (await lab.B.See(Vm))!.State.ShouldBe(GuestState.Received);
        await lab.B.Driver.Run(Vm, Cancel);
        await lab.B.UntilItBeats(Vm);
    }

    [Fact]
    public async Task A_move_goes_on_when_both_drivers_are_started_anew_in_each_of_its_phases()
    {
        await using var lab = new QemuLab();
        var guest = await lab.Start(PagesGuest.Spec("vm1", Busy));
        await lab.Begin(guest, QemuLab.Slow);
        await Restart(lab);
        (await lab.A.See(Vm))!.Transfer!.Migration.ShouldBe(QemuLab.Move);
        await lab.A.Until(Vm, GuestState.AtSwitch);
        await Restart(lab);
        (await lab.A.See(Vm))!.State.ShouldBe(GuestState.AtSwitch);
        (await lab.B.See(Vm))!.State.ShouldBe(GuestState.Receiving);
        await lab.A.Driver.Switch(QemuLab.Move, Vm, Cancel);
        await Restart(lab);
        await lab.A.Until(Vm, GuestState.Sent);
        await lab.B.Until(Vm, GuestState.Received);
        await Restart(lab);
        (await lab.A.See(Vm))!.State.ShouldBe(GuestState.Sent);
        (await lab.B.See(Vm))!.State.ShouldBe(GuestState.Received);
        await lab.B.Driver.Run(Vm, Cancel);
        await Restart(lab);
        (await lab.B.See(Vm))!.State.ShouldBe(GuestState.Running);
        await lab.B.UntilItBeats(Vm);
    }

    [Fact]
    public async Task A_driver_that_ended_between_writing_down_the_switch_and_saying_it_says_it_when_it_is_started_anew()
    {
        await using var lab = new QemuLab();
        var guest = await lab.Start(PagesGuest.Spec("vm1"));
        await lab.Begin(guest, new());
        await lab.A.Until(Vm, GuestState.AtSwitch);
        await lab.A.Driver.DisposeAsync();
        var folder = lab.A.FolderOf(Vm);
        var record = folder.Read()!;
        folder.Write(record with { Departure = record.Departure! with { WasToldToSwitch = true } });
        await lab.A.Restart();
        await lab.A.Until(Vm, GuestState.Sent);
        await lab.B.Until(Vm, GuestState.Received);
    }

    [Fact]
    public async Task A_move_that_is_not_at_its_switch_in_time_is_taken_back()
    {
        await using var lab = new QemuLab();
        var guest = await lab.Start(PagesGuest.Spec("vm1", Busy));
        await lab.Begin(guest, new() { BytesPerSecond = 1 << 20, DurationSeconds = 0.5 });
        var there = await lab.A.Until(Vm, now => now!.Transfer!.Fault is not null);
        there!.State.ShouldBe(GuestState.Running);
        there.Transfer!.Fault!.ShouldContain("0.5 s");
    }

    private static async Task Restart(QemuLab lab)
    {
        await lab.A.Restart();
        await lab.B.Restart();
    }
}
