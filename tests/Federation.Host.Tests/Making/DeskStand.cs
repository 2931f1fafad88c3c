using System.Collections.Immutable;
using Federation.Domain.Access;
using Federation.Domain.Hosts;
using Federation.Host.Consoles;
using Federation.Host.Journaling;
using Federation.Host.Ordering;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Federation.Host.Tests.Making;

/// <summary>A host's order desk over a disk that outlives it.</summary>
internal sealed class DeskStand : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly ConsoleDesk consoles;
    private readonly OrderDesk desk;
    private readonly List<HostAnswer> answers = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> waiting = [];

    public DeskStand(TrialDriver driver, MemoryFiles files, TimeProvider? clock = null)
    {
        consoles = new(driver, clock ?? TimeProvider.System);
        Journal = new(files, clock ?? TimeProvider.System);
        desk = new(Orders.Here, driver, Journal, consoles, Take, NullLogger.Instance);
    }

    public OrderJournal Journal { get; }

    public ImmutableArray<HostAnswer> Answers
    {
        get
        {
            lock (gate)
            {
                return [.. answers];
            }
        }
    }

    public void Order(params HostOrder[] orders) => desk.Take(Orders.To(Orders.Here, orders));

    public void OrderAs(HostPost host, params HostOrder[] orders) => desk.Take(Orders.To(host, orders));

    /// <summary>The answers, once there are so many.</summary>
    public async Task<ImmutableArray<HostAnswer>> First(int count)
    {
        Task reached;
        lock (gate)
        {
            if (answers.Count >= count)
            {
                return [.. answers];
            }

            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((count, source));
            reached = source.Task;
        }

        await reached.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return Answers;
    }

    public async Task<HostAnswer> Ask(HostOrder order)
    {
        var before = Answers.Length;
        Order(order);
        return (await First(before + 1))[before];
    }

    public async ValueTask DisposeAsync()
    {
        await desk.DisposeAsync();
        await consoles.DisposeAsync();
    }

    private void Take(HostAnswer answer)
    {
        lock (gate)
        {
            answers.Add(answer);
            foreach (var (_, reached) in waiting.Where(entry => entry.Count <= answers.Count))
            {
                reached.TrySetResult();
            }
        }
    }
}
