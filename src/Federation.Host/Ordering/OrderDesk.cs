using System.Collections.Concurrent;
using Federation.Domain.Access;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Host.Consoles;
using Federation.Host.Journaling;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Ordering;

/// <summary>Takes a host's orders: refuses what is old or another host's, answers again what was done, has all else done. For all threads.</summary>
/// <remarks>Orders of one VM are done one after another, those of several beside each other. What is under way when the agent stops has no answer; it is ordered again.</remarks>
/// <param name="here">The host.</param>
/// <param name="driver">Does it.</param>
/// <param name="journal">Remembers it.</param>
/// <param name="consoles">Does what is for consoles.</param>
/// <param name="answered">Hears every answer.</param>
/// <param name="log">Hears what is done.</param>
public sealed class OrderDesk(
    HostPost here, IHypervisorDriver driver, OrderJournal journal, ConsoleDesk consoles, Action<HostAnswer> answered, ILogger log) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<VmRef, VmLane> lanes = [];
    private readonly ConcurrentDictionary<string, Task> open = [];
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Takes orders; what becomes of each is told once, when it is known. One that is under way already is not taken again.</summary>
    public void Take(HostOrders orders)
    {
        foreach (var order in orders.Orders)
        {
            if (orders.Site != here.Site || orders.Host != here.Host)
            {
                log.OrderRefused(order.Operation, order.Vm.Key, $"it is for {orders.Site}/{orders.Host}");
                answered(Refused(order, $"this is host {here}, and the order is for host {orders.Site}/{orders.Host}"));
            }
            else if (!open.ContainsKey(order.Operation))
            {
                Take(order);
            }
        }
    }

    /// <summary>Stops: what is under way is given up without an answer.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(open.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private void Take(HostOrder order)
    {
        if (order is HostOrder.Log or HostOrder.Console)
        {
            Open(order, async () => answered(await consoles.Do(order, stopping.Token)));
        }
        else if (journal.AnswerTo(order.Operation) is { } known)
        {
            log.OrderRepeated(order.Operation, order.Vm.Key);
            answered(known);
        }
        else if (TooOld(order) is { } reason)
        {
            log.OrderRefused(order.Operation, order.Vm.Key, reason);
            answered(Refused(order, reason));
        }
        else if (Accept(order))
        {
            var takesPlace = order is HostOrder.Stop or HostOrder.Cancel;
            Open(order, () => lanes.GetOrAdd(order.Vm, _ => new()).Put(replaced => Do(order, replaced), takesPlace));
        }
    }

    // Its end is what makes it be taken again: the answer has gone out before.
    private void Open(HostOrder order, Func<Task> work)
    {
        var begin = new TaskCompletionSource();
        var task = Run();
        open[order.Operation] = task;
        begin.SetResult();

        async Task Run()
        {
            await begin.Task;
            try
            {
                await work();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // Without an answer.
            }
            finally
            {
                open.TryRemove(order.Operation, out _);
            }
        }
    }

    private bool Accept(HostOrder order)
    {
        try
        {
            journal.Accept(order);
            return true;
        }
        catch (IOException fault)
        {
            log.JournalFailed(fault, order.Operation);
            answered(Failed(order, $"host {here} cannot write its journal, and does nothing that is not in it: {fault.Message}"));
            return false;
        }
    }

    private string? TooOld(HostOrder order) => journal.EpochOf(order.Vm) is var newest && newest > order.Epoch
        ? $"epoch {order.Epoch} is older than {newest}, the newest epoch of {order.Vm} that host {here} has been told"
        : null;

    private async Task Do(HostOrder order, CancellationToken replaced)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(replaced, stopping.Token);
        var answer = TooOld(order) is { } reason ? Refused(order, reason) : await Done(order, replaced, over.Token);
        try
        {
            journal.Answer(order, answer);
        }
        catch (IOException fault)
        {
            log.JournalFailed(fault, order.Operation);
        }

        log.OrderEnded(order.GetType().Name, order.Operation, order.Vm.Key, order.Epoch, answer.Outcome, answer.Reason ?? "");
        answered(answer);
    }

    private async Task<HostAnswer> Done(HostOrder order, CancellationToken replaced, CancellationToken cancel)
    {
        log.OrderBegun(order.GetType().Name, order.Operation, order.Vm.Key, order.Epoch);
        try
        {
            return await OrderCalls.Call(driver, order, cancel);
        }
        catch (DriverException fault)
        {
            return Failed(order, fault.Message);
        }
        catch (OperationCanceledException) when (replaced.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return Failed(order, $"it was given up: {order.Vm} was ordered to stop, or its migration to be cancelled");
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            log.OrderBroke(fault, order.Operation);
            return Failed(order, $"{fault.GetType().Name}: {fault.Message}");
        }
    }

    private static HostAnswer Refused(HostOrder order, string reason) => new(order.Operation, HostOutcome.Refused, reason);

    private static HostAnswer Failed(HostOrder order, string reason) => new(order.Operation, HostOutcome.Failed, reason);
}
