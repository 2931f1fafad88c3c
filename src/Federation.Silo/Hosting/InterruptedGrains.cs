using System.Collections.Concurrent;
using Federation.Contracts;
using Federation.Grains.Access;

namespace Federation.Silo.Hosting;

/// <summary>Calls grains again that could not store their state while they were at work, until they go on.</summary>
/// <remarks>
/// Such a grain ends, and its timers with it: nobody would call it before its reminder does, a minute later, though the database is back within seconds.
/// For all threads.
/// </remarks>
public sealed partial class InterruptedGrains(IGrainFactory grains, TimeProvider clock, ILogger<InterruptedGrains> log) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<GrainId, Func<Task>> waiting = [];
    private readonly SemaphoreSlim noted = new(0);

    /// <summary>A grain could not store its state; one that does nothing by itself is left to whoever calls it.</summary>
    public void Note(IGrainContext grain)
    {
        if (Calling(grain) is { } call && waiting.TryAdd(grain.GrainId, call))
        {
            noted.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        noted.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        CallOrigin.Current = CallOrigin.Service;
        while (true)
        {
            await noted.WaitAsync(stoppingToken);
            for (var pause = First; !waiting.IsEmpty; pause = pause < Longest / 2 ? pause * 2 : Longest)
            {
                // Its activation ends first, and the database is away for a moment at least.
                await Task.Delay(pause, clock, stoppingToken);
                await Task.WhenAll(waiting.Keys.Select(Call));
            }
        }
    }

    private async Task Call(GrainId grain)
    {
        // Taken out first: it may fail at the same again, and is noted anew.
        if (!waiting.TryRemove(grain, out var call))
        {
            return;
        }

        try
        {
            await call();
            LogResumed(grain);
        }
        catch (Exception fault)
        {
            LogAway(grain, fault.Message);
            waiting.TryAdd(grain, call);
        }
    }

    private Func<Task>? Calling(IGrainContext grain) => grain.GrainInstance switch
    {
        IPlanGrain => grains.GetGrain<IPlanGrain>(grain.GrainId).Resume,
        IPlacementGrain => grains.GetGrain<IPlacementGrain>(grain.GrainId).Resume,
        IApplicationGrain => grains.GetGrain<IApplicationGrain>(grain.GrainId).Resume,
        IMigrationGrain => grains.GetGrain<IMigrationGrain>(grain.GrainId).GoOn,
        _ => null,
    };

    [LoggerMessage(4004, LogLevel.Warning, "Grain {Grain} could not store its state, and does not go on yet ({Reason}): it is called again")]
    private partial void LogAway(GrainId grain, string reason);

    [LoggerMessage(4003, LogLevel.Information, "Grain {Grain} could not store its state: it was called again, and goes on")]
    private partial void LogResumed(GrainId grain);
}
