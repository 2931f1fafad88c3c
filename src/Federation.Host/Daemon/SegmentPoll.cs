using Federation.Host.Linking;
using Federation.Host.Networks;
using Federation.Host.Tunnels;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Daemon;

/// <summary>Asks the service how the host's segments should be, all the time. What is told as known is in force.</summary>
/// <param name="link">The line to the service.</param>
/// <param name="segments">Has them in force.</param>
/// <param name="tunnels">Encrypts what goes to other sites, where it is to be.</param>
/// <param name="clock">Times waits.</param>
/// <param name="log">Hears where the service does not answer.</param>
/// <param name="seed">Of the waits' jitter.</param>
internal sealed class SegmentPoll(ServiceLink link, SegmentDesk segments, TunnelDesk tunnels, TimeProvider clock, ILogger log, int seed)
{
    // What could not be done is asked for again at once by saying that it is not known.
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    /// <summary>Asks until it is stopped.</summary>
    public async Task Run(CancellationToken cancel)
    {
        var patience = new Patience(clock, seed, log.SegmentsFailed, log.SegmentsResumed);
        while (true)
        {
            // Looked at anew for each attempt: more may be in force by then.
            var news = await patience.Try(async attempt => await link.Segments(await segments.Known(attempt), attempt), cancel);
            await tunnels.Heed(news.Updates.SelectMany(update => update.Peers).Concat(await segments.Peers(cancel)), news, await segments.ClientRights(cancel), cancel);
            var areInForce = await segments.Take(news, cancel);
            // Whoever has left is known no more; what a client may send is told once its segment is here.
            await tunnels.Heed(await segments.Peers(cancel), news, await segments.ClientRights(cancel), cancel);
            if (!areInForce)
            {
                await Task.Delay(AfterFault, clock, cancel);
            }
        }
    }
}
