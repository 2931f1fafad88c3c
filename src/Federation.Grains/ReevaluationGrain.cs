using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Federation.Grains;

/// <inheritdoc cref="IReevaluationGrain"/>
/// <remarks>
/// Nothing is stored: a silo that dies with looks waiting forgets them, and each application looks again by itself when time has passed.
/// Reentrant: more may be wanted while some are under way.
/// </remarks>
[Reentrant]
public sealed partial class ReevaluationGrain(ReevaluationCounts counts, ILogger<ReevaluationGrain> log) : Grain, IReevaluationGrain
{
    // So many are asked at once. Each silo solves one after another; the others gather what they need meanwhile.
    private const int MostAtOnce = 16;

    // After that long no silo has a copy of a site from before its change: whoever looks sees it as it is. Changes that come together are looked at once.
    private static readonly TimeSpan Settle = SiteViews.MostAge;

    private readonly PendingLooks pending = new();
    private int settling;
    private int underWay;

    /// <inheritdoc/>
    public Task Want(ImmutableArray<WantedLook> looks)
    {
        settling += looks.Length;
        Count();
        IGrainTimer? timer = null;
        timer = this.RegisterGrainTimer(
            async () =>
            {
                timer!.Dispose();
                await Settled(looks);
            },
            new() { DueTime = Settle, Period = Timeout.InfiniteTimeSpan, KeepAlive = true });
        return Task.CompletedTask;
    }

    private Task Settled(ImmutableArray<WantedLook> looks)
    {
        settling -= looks.Length;
        foreach (var look in looks)
        {
            pending.Add(look);
        }

        return Task.WhenAll(Enumerable.Range(0, Math.Min(MostAtOnce - underWay, pending.Count)).Select(_ => LookOneByOne()).ToList());
    }

    private async Task LookOneByOne()
    {
        underWay++;
        while (pending.Next() is { } application)
        {
            Count();
            await Look(application);
        }

        underWay--;
        Count();
    }

    private void Count() => counts.Waiting = settling + pending.Count + underWay;

    private async Task Look(AppId application)
    {
        try
        {
            await GrainFactory.Placement(application).Look(DecisionTrigger.SitesChanged);
        }
        catch (Exception fault)
        {
            // Each application's failure is its own; it looks again when time has passed.
            LogNotLooked(fault, application.Key);
        }
    }

    [LoggerMessage(3010, LogLevel.Warning, "The placement of {Application} could not be looked at after a site had changed: it will be when time has passed")]
    private partial void LogNotLooked(Exception fault, string application);
}

/// <summary>How many looks wait on this silo, for its metrics.</summary>
public sealed class ReevaluationCounts
{
    /// <summary>Applications that wait for a look because a site has changed.</summary>
    public int Waiting { get; set; }
}
