using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Reporting;

/// <summary>Watches a host's VMs, and says when there is something to report. What it is, the report looks at itself.</summary>
/// <param name="driver">Tells of changes.</param>
/// <param name="times">Hears of them.</param>
/// <param name="clock">Times the wait before it watches anew.</param>
/// <param name="log">Hears where the driver fails.</param>
internal sealed class GuestWatch(IHypervisorDriver driver, ReportTimes times, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Watches until it is stopped.</summary>
    public async Task Run(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await Watch(cancel);
            }
            catch (DriverException fault)
            {
                log.WatchEnded(fault.Message);
                await Task.Delay(Pause, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                // Stopped.
            }
        }
    }

    private async Task Watch(CancellationToken cancel)
    {
        var known = new Dictionary<VmRef, GuestSighting?>();
        await foreach (var (vm, now) in driver.Watch(cancel).WithCancellation(cancel))
        {
            if (IsProgress(known.GetValueOrDefault(vm), now))
            {
                times.Soon();
            }
            else
            {
                times.Now();
            }

            known[vm] = now;
        }
    }

    private static bool IsProgress(GuestSighting? before, GuestSighting? now) =>
        before is not null && now is not null && before.State == now.State && before.Remark == now.Remark
        && before.Transfer?.Migration == now.Transfer?.Migration && before.Transfer?.Fault == now.Transfer?.Fault
        && before.Transfer?.DowntimeSeconds is null == now.Transfer?.DowntimeSeconds is null;
}
