using System.Collections.Concurrent;
using Federation.Contracts;
using Federation.Domain.Events;
using Federation.Domain.Migration;
using Polly.Timeout;

namespace Federation.Grains.Tests.Running;

/// <summary>What came of the acts of a run, for whoever has to find out why it failed.</summary>
internal sealed class RunStory
{
    private readonly ConcurrentQueue<string> lines = [];

    public void Add(string line) => lines.Enqueue(line);

    /// <summary>Waits for what was begun; a call that broke off because a silo died, or a hypervisor failed, is part of the run.</summary>
    public async Task Tell(string what, Task task)
    {
        try
        {
            await task;
            Add(task is Task<string> answer ? $"  {what}: {await answer}" : $"  {what}: done");
        }
        catch (Exception fault) when (IsOfCrash(fault))
        {
            Add($"  {what}: broke off, {fault.GetType().Name}: {fault.Message}");
        }
    }

    /// <summary>The story, and all that the cluster itself wrote down.</summary>
    public async Task<string> Whole(IEventLog events)
    {
        var logged = await events.ReadAfter(0, 10_000, CancellationToken.None);
        return string.Join('\n', ["acts:", .. lines, "events:", .. logged.Select(entry => $"  {entry.Event.At:dd HH:mm:ss} {entry.Event.Kind} {entry.Event.Application}: {entry.Event.Text}")]);
    }

    /// <summary>What a caller sees of a silo that died, or of a hypervisor or a database that failed: it does not know what became of the call.</summary>
    public static bool IsOfCrash(Exception fault) =>
        fault is OrleansException or IOException or TimeoutException or SiteOfflineException or HypervisorException or ObjectDisposedException or OperationCanceledException
        || fault.GetBaseException() is TimeoutRejectedException;
}
