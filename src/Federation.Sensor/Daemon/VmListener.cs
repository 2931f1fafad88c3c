using Federation.Sensor.Discovery;
using Microsoft.Extensions.Logging;

namespace Federation.Sensor.Daemon;

/// <summary>Asks one source again and again, and passes on what it says.</summary>
internal sealed class VmListener(IVmSource source, HostVms vms, TimeProvider time, ILogger log)
{
    private string? said;
    private readonly LastFault failure = new();

    /// <summary>Asks until it is stopped.</summary>
    public async Task Run(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await Ask(cancel);
            await Task.Delay(source.Every, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks once; a source that does not tell changes nothing.</summary>
    public async Task Ask(CancellationToken cancel)
    {
        try
        {
            var listing = await source.Ask(cancel);
            vms.Take(source.Name, listing);
            var names = string.Join(", ", listing.Vms.Select(vm => vm.Vm).Distinct().Order());
            if (said != names)
            {
                log.VmsListed(source.Name, listing.Vms.Length, names);
            }

            said = names;
            failure.Over();
        }
        catch (VmSourceException fault)
        {
            failure.Is(fault.Message, why => log.ListingFailed(source.Name, why));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Stopped.
        }
    }
}
