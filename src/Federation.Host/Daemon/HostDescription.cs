using Federation.Domain.Hosts;
using Federation.Host.Settings;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Daemon;

/// <summary>Says what a host is: its size as its file says or as the machine has it, and what its hypervisor tells. For all threads.</summary>
/// <param name="settings">What the file says.</param>
/// <param name="driver">The hypervisor.</param>
/// <param name="agent">The agent's version.</param>
/// <param name="clock">Times questions.</param>
/// <param name="log">Hears where there is no answer.</param>
internal sealed class HostDescription(HostSettings settings, IHypervisorDriver driver, string agent, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private volatile HostFacts? known;

    /// <summary>What it is, once <see cref="Begin"/> has ended.</summary>
    public HostFacts Facts => known ?? throw new InvalidOperationException("the host was not described yet");

    /// <summary>What it is; null: nobody has answered yet.</summary>
    public HostFacts? Known => known;

    /// <summary>Asks until there is an answer.</summary>
    public async Task Begin(CancellationToken cancel)
    {
        while (!await Ask(cancel))
        {
            await Task.Delay(Soon, clock, cancel);
        }
    }

    /// <summary>Asks again from time to time, until it is stopped: a hypervisor may be upgraded meanwhile.</summary>
    public async Task Run(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(Again, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!cancel.IsCancellationRequested)
            {
                await Ask(cancel);
            }
        }
    }

    private async Task<bool> Ask(CancellationToken cancel)
    {
        try
        {
            var hypervisor = await driver.Describe(cancel);
            known = new(
                settings.Size.Vcpus ?? Environment.ProcessorCount,
                settings.Size.MemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
                settings.Size.DiskBytes ?? DiskOf(settings.StateFolder),
                hypervisor,
                agent,
                (await File.ReadAllTextAsync(settings.BootFile, cancel)).Trim());
            return true;
        }
        catch (Exception fault) when (fault is DriverException or IOException or UnauthorizedAccessException)
        {
            log.NotDescribed(fault.Message);
            return false;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested && known is not null)
        {
            return false;
        }
    }

    private static long DiskOf(string folder)
    {
        var full = Path.GetFullPath(folder);
        return DriveInfo.GetDrives().Where(drive => full.StartsWith(drive.RootDirectory.FullName, StringComparison.Ordinal))
            .MaxBy(drive => drive.RootDirectory.FullName.Length)?.TotalSize ?? 0;
    }
}
