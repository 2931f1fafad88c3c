using Federation.Contracts;
using Federation.Domain.Access;
using Microsoft.Extensions.Logging;

namespace Federation.Grains;

/// <summary>Tells the network of its application where the VM is. Nobody waits for that: hosts see for themselves when a VM leaves and comes.</summary>
public sealed partial class VmGrain
{
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromSeconds(2);

    private IGrainTimer? telling;
    private bool isTelling;
    private bool hasMore;

    private SegmentPlacement Placement => new(
        Ref, state.State is { At: { } at, Host: { } host } ? new HostPost(at.Site, host) : null, state.State.Epoch, state.State.StartedAs?.Nics ?? []);

    private void TellSegment()
    {
        if (state.State.WasOnHost)
        {
            hasMore = true;
            TellSegmentOn().Ignore();
        }
    }

    // One after another, so that a record never comes after a newer one of the same epoch.
    private async Task TellSegmentOn()
    {
        if (isTelling)
        {
            return;
        }

        isTelling = true;
        try
        {
            while (hasMore)
            {
                hasMore = false;
                await GrainFactory.Segment(Ref.Application).Placed(Placement, TimeSpan.Zero);
            }

            telling?.Dispose();
            telling = null;
        }
        catch (Exception fault)
        {
            hasMore = true;
            LogNotTold(log, fault, Ref.Key);
            telling ??= this.RegisterGrainTimer(TellSegmentOn, new() { DueTime = TellAgainAfter, Period = TellAgainAfter, Interleave = true, KeepAlive = true });
        }
        finally
        {
            isTelling = false;
        }
    }

    [LoggerMessage(3205, LogLevel.Warning, "The network of {Vm} does not hear where the VM is: it is told again")]
    private static partial void LogNotTold(ILogger log, Exception fault, string vm);
}
