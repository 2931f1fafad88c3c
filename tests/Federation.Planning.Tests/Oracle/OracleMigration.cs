using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Sites;

namespace Federation.Planning.Tests.Oracle;

/// <summary>One migration, round by round, as the design's section on migration time words it.</summary>
/// <param name="Bytes">All that is sent.</param>
/// <param name="Duration">Seconds, the last send and the downtime included.</param>
/// <param name="Downtime">Seconds.</param>
/// <param name="Lost">The run time that is lost besides, seconds.</param>
/// <param name="IsCold">Whether it is stopped, copied and started anew.</param>
public sealed record OracleMigration(Rational Bytes, Rational Duration, Rational Downtime, Rational Lost, bool IsCold)
{
    /// <summary>Null: neither live nor cold.</summary>
    public static OracleMigration? Of(VmSpec vm, Application application, Site from, Site to, Rational bandwidth, PreCopyOptions options)
    {
        Rational disks = 0, written = 0;
        foreach (var disk in vm.Guest?.Disks ?? [])
        {
            disks += disk.WrittenBytes ?? disk.SizeBytes;
            written += disk.WrittenBytesPerSecond;
        }

        return from.Policy.Moves.Live && to.Policy.Moves.Live && vm.DirtyBytesPerSecond + written < bandwidth ? Live(vm, disks, written, bandwidth, options)
            : application.ColdMoves is { } cold ? Cold(disks, bandwidth, cold)
            : null;
    }

    // The disks first; then the memory by what is left of the link.
    private static OracleMigration Live(VmSpec vm, Rational disks, Rational written, Rational bandwidth, PreCopyOptions options)
    {
        var free = bandwidth - written;
        var seconds = disks / free;
        Rational sent = 0, left = vm.MemoryBytes;
        for (var round = 0; round < options.MaxRounds; round++)
        {
            var took = left / free;
            sent += left;
            seconds += took;
            left = vm.DirtyBytesPerSecond * took;
            if (left / free <= options.DowntimeBudgetSeconds)
            {
                break;
            }
        }

        var downtime = (left / free) + options.ResumeSeconds;
        return new(sent + left + disks + (written * seconds), seconds + downtime, downtime, 0, IsCold: false);
    }

    private static OracleMigration? Cold(Rational disks, Rational bandwidth, ColdMoves cold)
    {
        var seconds = (disks / bandwidth) + cold.Boot;
        return cold.Downtime is { } longest && seconds > longest ? null : new(disks, seconds, seconds, cold.LostWork, IsCold: true);
    }
}
