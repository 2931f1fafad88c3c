using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Federation.Domain.Estimation;

/// <summary>The constants of the pre-copy model.</summary>
public sealed record PreCopyOptions
{
    /// <summary>The longest that a VM may stand still for its last bytes, in seconds. Default 0.3.</summary>
    [Range(0.001, 60)]
    public double DowntimeBudgetSeconds { get; init; } = 0.3;

    /// <summary>How many rounds are sent before the rest is, whatever is left. Default 30.</summary>
    [Range(1, 1000)]
    public int MaxRounds { get; init; } = 30;

    /// <summary>How long the VM takes to run on at its new site, in seconds; a part of the downtime. Default 0.1.</summary>
    [Range(0, 60)]
    public double ResumeSeconds { get; init; } = 0.1;
}

/// <summary>What one migration sends and takes.</summary>
/// <param name="Bytes">Bytes sent in all rounds, the last send included, and of disks.</param>
/// <param name="DurationSeconds">From the first byte to the VM running at its new site, the downtime included.</param>
/// <param name="DowntimeSeconds">How long the VM stands still.</param>
/// <param name="Rounds">Rounds sent while the VM ran; 0: it moves cold.</param>
public readonly record struct MigrationEstimate(double Bytes, double DurationSeconds, double DowntimeSeconds, int Rounds)
{
    /// <summary>Whether it is stopped, copied and started anew, instead of moving while it runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsCold { get; init; }

    /// <summary>The run time that is lost besides the downtime, seconds: what a cold move forgets, or what a processor that is slowed down does not do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double LostSeconds { get; init; }

    /// <summary>How much later its application ends for it, seconds.</summary>
    [JsonIgnore]
    public double DelaySeconds => DowntimeSeconds + LostSeconds;
}

/// <summary>What is to be copied of a VM that runs.</summary>
/// <param name="MemoryBytes">Its memory, bytes, more than 0.</param>
/// <param name="DirtyBytesPerSecond">How fast it is rewritten, 0 or more.</param>
/// <param name="DiskBytes">Its disks, bytes, 0 or more.</param>
/// <param name="DiskBytesPerSecond">How fast they are written, 0 or more.</param>
public readonly record struct CopiedVm(double MemoryBytes, double DirtyBytesPerSecond, double DiskBytes, double DiskBytesPerSecond);

/// <summary>The time and the bytes of a live migration by iterative pre-copy. Source: Liu et al., HPDC 2011.</summary>
public static class PreCopy
{
    /// <summary>Estimates the migration of a VM with disks; null if it does not converge, all being written as fast as it is sent.</summary>
    /// <remarks>The disks are mirrored first; what is written to them goes along for as long as the VM runs, and the memory has the rest of the link.</remarks>
    /// <param name="vm">What is copied.</param>
    /// <param name="bytesPerSecond">The bandwidth from the old site to the new, more than 0.</param>
    /// <param name="options">The model's constants.</param>
    public static MigrationEstimate? Estimate(CopiedVm vm, double bytesPerSecond, PreCopyOptions options)
    {
        var free = bytesPerSecond - vm.DiskBytesPerSecond;
        if (Estimate(vm.MemoryBytes, vm.DirtyBytesPerSecond, free, options) is not { } memory)
        {
            return null;
        }

        var mirroring = vm.DiskBytes / free;
        var written = vm.DiskBytesPerSecond * (mirroring + memory.DurationSeconds - memory.DowntimeSeconds);
        return memory with { Bytes = memory.Bytes + vm.DiskBytes + written, DurationSeconds = memory.DurationSeconds + mirroring };
    }

    /// <summary>Estimates one migration; null if it does not converge, the memory being rewritten as fast as it is sent.</summary>
    /// <param name="memoryBytes">The VM's memory, bytes, more than 0.</param>
    /// <param name="dirtyBytesPerSecond">How fast it is rewritten, 0 or more.</param>
    /// <param name="bytesPerSecond">The bandwidth from the old site to the new, more than 0.</param>
    /// <param name="options">The model's constants.</param>
    public static MigrationEstimate? Estimate(
        double memoryBytes, double dirtyBytesPerSecond, double bytesPerSecond, PreCopyOptions options)
    {
        if (dirtyBytesPerSecond >= bytesPerSecond)
        {
            return null;
        }

        double sent = 0, left = memoryBytes;
        var rounds = 0;
        do
        {
            sent += left;
            left *= dirtyBytesPerSecond / bytesPerSecond;
            rounds++;
        }
        while (left / bytesPerSecond > options.DowntimeBudgetSeconds && rounds < options.MaxRounds);

        var downtime = (left / bytesPerSecond) + options.ResumeSeconds;
        return new(sent + left, (sent / bytesPerSecond) + downtime, downtime, rounds);
    }
}
