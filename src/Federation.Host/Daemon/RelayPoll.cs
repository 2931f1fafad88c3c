using Federation.Domain.Networks;
using Federation.Host.Linking;
using Federation.Host.Tunnels;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Daemon;

/// <summary>Tells the service how frames go to other hosts, and asks it which relays there are, all the time.</summary>
/// <param name="link">The line to the service.</param>
/// <param name="tunnels">Chooses paths.</param>
/// <param name="clock">Times waits.</param>
/// <param name="log">Hears where the service does not answer.</param>
/// <param name="seed">Of the waits' jitter.</param>
internal sealed class RelayPoll(ServiceLink link, TunnelDesk tunnels, TimeProvider clock, ILogger log, int seed)
{
    // Paths that turn one after another are told together.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Asks until it is stopped.</summary>
    public async Task Run(CancellationToken cancel)
    {
        var patience = new Patience(clock, seed, log.RelaysFailed, log.RelaysResumed);
        while (true)
        {
            if (await patience.Try(async attempt => await Ask(attempt), cancel) is { } news)
            {
                tunnels.Heed(news);
            }

            await Task.Delay(Pause, clock, cancel);
        }
    }

    // A question that waits is put anew when what it tells is not true any more.
    private async Task<RelayNews?> Ask(CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var turned = tunnels.Turned;
        var answer = link.Relays(tunnels.Relays.Stamp, tunnels.Paths.Heard, tunnels.Paths.Told, over.Token);
        if (await Task.WhenAny(answer, turned) == answer)
        {
            return await answer;
        }

        await over.CancelAsync();
        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        return answer.IsCompletedSuccessfully ? await answer : null;
    }
}
