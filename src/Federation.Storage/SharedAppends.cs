using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Storage;

/// <summary>A traffic store whose appends share transactions: those that come while one is under way go together in the next.</summary>
/// <remarks>
/// A host's windows belong to many applications, each of which appends its few. A transaction for each would cost ten times what it costs to
/// make all of them durable at once. Nobody waits for company: an append that finds a free place starts.
/// </remarks>
/// <param name="store">The store.</param>
/// <param name="atOnce">How many transactions are under way at once, at least 1.</param>
internal sealed class SharedAppends(ITrafficStore store, int atOnce) : ITrafficStore
{
    // Enough that a transaction costs little, few enough that it does not take long.
    private const int MostReports = 1000;

    private readonly Lock gate = new();
    private readonly Queue<Waiting> queue = [];
    private int underWay;

    /// <inheritdoc/>
    public Task<ImmutableArray<AppendOutcome>> Append(IReadOnlyList<SubmittedReport> reports, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
        {
            return Task.FromCanceled<ImmutableArray<AppendOutcome>>(cancel);
        }

        var waiting = new Waiting(reports, cancel);
        lock (gate)
        {
            queue.Enqueue(waiting);
            if (underWay == atOnce)
            {
                return waiting.Outcomes.Task;
            }

            underWay++;
        }

        // Not on the caller's scheduler, which may be a grain's: it goes on for others.
        _ = Task.Run(Work, CancellationToken.None);
        return waiting.Outcomes.Task;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<WindowReport>> Read(AppId application, Window first, Window last, CancellationToken cancel) =>
        store.Read(application, first, last, cancel);

    /// <inheritdoc/>
    public Task<ImmutableArray<SensorPart>> ReadParts(AppId application, Window first, Window last, CancellationToken cancel) =>
        store.ReadParts(application, first, last, cancel);

    /// <inheritdoc/>
    public Task<ImmutableArray<SensorPart>> ReadParts(AppId application, VmId vm, Window first, Window last, CancellationToken cancel) =>
        store.ReadParts(application, vm, first, last, cancel);

    /// <inheritdoc/>
    public Task<Window?> LatestWindow(AppId application, Window? notAfter, CancellationToken cancel) => store.LatestWindow(application, notAfter, cancel);

    /// <inheritdoc/>
    public Task<ImmutableArray<Window>> ReportedWindows(AppId application, Window first, Window last, CancellationToken cancel) =>
        store.ReportedWindows(application, first, last, cancel);

    /// <inheritdoc/>
    public Task<int> DeleteBefore(AppId application, Window oldestKept, CancellationToken cancel) =>
        store.DeleteBefore(application, oldestKept, cancel);

    private async Task Work()
    {
        while (Next() is [_, ..] together)
        {
            await Append(together);
        }
    }

    // What goes together next; empty: nothing waits, and this place is free again.
    private List<Waiting> Next()
    {
        var together = new List<Waiting>();
        lock (gate)
        {
            for (var reports = 0; queue.TryPeek(out var next) && (together.Count == 0 || reports + next.Reports.Count <= MostReports);)
            {
                together.Add(queue.Dequeue());
                reports += next.Reports.Count;
            }

            underWay -= together.Count == 0 ? 1 : 0;
        }

        return together;
    }

    private async Task Append(List<Waiting> together)
    {
        try
        {
            // One that goes alone can still be called off.
            var outcomes = together is [var only]
                ? await store.Append(only.Reports, only.Cancel)
                : await store.Append([.. together.SelectMany(waiting => waiting.Reports)], CancellationToken.None);
            var from = 0;
            foreach (var waiting in together)
            {
                waiting.Outcomes.SetResult(outcomes.Slice(from, waiting.Reports.Count));
                from += waiting.Reports.Count;
            }
        }
        catch (ArgumentException) when (together.Count > 1)
        {
            // One of them is out of bounds: that one is told, the others are not held responsible.
            foreach (var waiting in together)
            {
                await Append([waiting]);
            }
        }
        catch (OperationCanceledException cancelled)
        {
            together.ForEach(waiting => waiting.Outcomes.TrySetCanceled(cancelled.CancellationToken));
        }
        catch (Exception fault)
        {
            together.ForEach(waiting => waiting.Outcomes.TrySetException(fault));
        }
    }

    private sealed record Waiting(IReadOnlyList<SubmittedReport> Reports, CancellationToken Cancel)
    {
        public TaskCompletionSource<ImmutableArray<AppendOutcome>> Outcomes { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
