using Federation.Domain.Hosts;
using Federation.Domain.Networks;
using Federation.Host.Linking;
using Federation.Host.Networks;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Daemon;

/// <summary>Asks the service all the time to hold this gateway's public addresses, and tells the kernel for how long that is.</summary>
/// <param name="link">The line to the service.</param>
/// <param name="gateway">Tells the kernel.</param>
/// <param name="clock">Times it.</param>
/// <param name="log">Hears where the service does not answer.</param>
internal sealed class GatewayLease(ServiceLink link, IGatewayPlumber gateway, TimeProvider clock, ILogger log)
{
    /// <summary>Asks until it is stopped. The kernel ends the lease by itself.</summary>
    public async Task Run(CancellationToken cancel)
    {
        var isHeard = true;
        while (true)
        {
            // From before the question: the service counts from when it came.
            var begun = clock.GetTimestamp();
            var fault = await Renew(begun, cancel);
            if (fault is not null && isHeard)
            {
                log.NotRenewed(fault, SegmentGateway.Lease);
            }
            else if (fault is null && !isHeard)
            {
                log.Renewed();
            }

            isHeard = fault is null;
            await Task.Delay(SegmentGateway.RenewsEvery, clock, cancel);
        }
    }

    private async Task<string?> Renew(long begun, CancellationToken cancel)
    {
        try
        {
            await link.Renew(cancel);
            if (SegmentGateway.Lease - clock.GetElapsedTime(begun) is { Ticks: > 0 } left)
            {
                await gateway.Renew(left, cancel);
            }

            return null;
        }
        catch (Exception fault) when (fault is LinkException or DriverException)
        {
            return fault.Message;
        }
    }
}
