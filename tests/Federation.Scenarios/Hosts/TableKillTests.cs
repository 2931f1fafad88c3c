using Federation.Domain.Guests;
using Federation.Domain.Migration;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Hosts;

/// <summary>The service's table against real QEMU: one of the two processes is killed, or the network between them cut and healed, in each phase of a move.</summary>
public sealed class TableKillTests
{
    private static readonly TransferTerms Slow = new() { BytesPerSecond = 32_000_000, DowntimeSeconds = 0.05 };
    private static readonly TimeSpan WhileItCopies = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [QemuFact]
    public async Task Whatever_is_killed_in_whatever_phase_one_copy_runs_or_the_VM_is_lost_and_nothing_is_left()
    {
        using var lab = new HostLab(hosts: 2);
        using var http = new HttpClient();
        await using var source = LabGuest.Driver(lab.Hosts[0], http);
        await using var destination = LabGuest.Driver(lab.Hosts[1], http);
        var guest = LabGuest.Of(lab, "hot=64 cold=16 busy");
        var number = 0;
        foreach (var phase in (MigrationPhase[])[MigrationPhase.PreCopy, MigrationPhase.StopAndCopy, MigrationPhase.Activate])
        {
            foreach (var victim in (Victim[])[Victim.SourceQemu, Victim.DestinationQemu, Victim.Link])
            {
                await source.Start(guest, Cancel);
                await Waiting.Until(() => lab.Watcher.Running is ["h1"]);
                var move = new TableMove(++number, source, destination, guest, Slow);
                var ends = move.Do();
                await Waiting.Until(() => (move.Phase >= phase && lab.Watcher.Present.Length == 2) || ends.IsCompleted);
                await Task.Delay(phase == MigrationPhase.PreCopy ? WhileItCopies : TimeSpan.Zero, TimeProvider.System, Cancel);
                await Hit(lab, victim);
                var ended = await ends;

                var said = $"{victim} in {phase}: {ended.Phase}, {ended.Refusal}";
                TestContext.Current.TestOutputHelper?.WriteLine(said);
                (move.Owner is not null || victim == Victim.SourceQemu).ShouldBeTrue(said);
                await Waiting.Until(() => lab.Watcher.Running.Length == (move.Owner is null || IsGone(victim, move.Owner == source) ? 0 : 1), said);
                RunInterval.Overlap(lab.Watcher.Intervals).ShouldBeNull(said);
                // A network interface goes some moments after the process that had it.
                await Waiting.Until(() => (move.Owner == source ? lab.Hosts[1] : lab.Hosts[0]).Left.IsEmpty, said);
                await source.Stop(guest.Vm, Cancel);
                await destination.Stop(guest.Vm, Cancel);
                await Waiting.Until(() => lab.Hosts.All(host => host.Left.IsEmpty), said);
            }
        }

        lab.Watcher.Doubt.ShouldBeNull();

        // Killed after it had arrived, or before it left.
        bool IsGone(Victim victim, bool isAtSource) => !lab.Watcher.Running.Any() && victim == (isAtSource ? Victim.SourceQemu : Victim.DestinationQemu);
    }

    private static async Task Hit(HostLab lab, Victim victim)
    {
        if (victim == Victim.Link)
        {
            lab.Cut(lab.Hosts[1]);
            await Task.Delay(Away, TimeProvider.System, Cancel);
            lab.Heal(lab.Hosts[1]);
        }
        else
        {
            lab.Hosts[victim == Victim.SourceQemu ? 0 : 1].KillQemu();
        }
    }
}
