using System.Collections.Immutable;
using System.Threading.Channels;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Traffic;

public sealed class SharedAppendsTests
{
    private static readonly SubmittedReport Bad = Reports.Of("bad", 0, 1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Appends_that_come_while_one_is_under_way_share_the_next_transaction_and_each_hears_of_its_own() =>
        await Gen.Select(Reports.Any.Array[0, 6].Array[2, 8], Gen.Int[1, 3]).SampleAsync(
            async (batches, atOnce) =>
            {
                var store = new HeldStore();
                var shared = new SharedAppends(store, atOnce);
                var appends = new List<Task<ImmutableArray<AppendOutcome>>>();
                foreach (var batch in batches)
                {
                    appends.Add(shared.Append(batch, Cancel));
                    // In the order in which they were asked for: the oracle has one.
                    await store.Under(Math.Min(appends.Count, atOnce));
                }

                store.Release();
                var outcomes = await Task.WhenAll(appends);

                store.Transactions.ShouldBe(batches.Length > atOnce ? atOnce + 1 : batches.Length);
                for (var i = 0; i < batches.Length; i++)
                {
                    outcomes[i].Length.ShouldBe(batches[i].Length);
                }

                var oracle = new InMemoryTrafficStore();
                outcomes.SelectMany(outcome => outcome).Count(outcome => outcome == AppendOutcome.Stored)
                    .ShouldBe(store.InOrder.Count(report => oracle.Append(report) == AppendOutcome.Stored));
            },
            iter: 100,
            threads: 1);

    [Fact]
    public async Task A_report_out_of_bounds_fails_its_own_append_and_no_other()
    {
        var store = new HeldStore();
        var shared = new SharedAppends(store, 1);
        var first = shared.Append([Reports.Of("vm1", 0, 2)], Cancel);
        await store.Under(1);
        var (good, bad, last) = (shared.Append([Reports.Of("vm2", 0, 3)], Cancel), shared.Append([Bad], Cancel), shared.Append([Reports.Of("vm10", 0, 4)], Cancel));
        store.Release();

        (await first).ShouldBe([AppendOutcome.Stored]);
        (await good).ShouldBe([AppendOutcome.Stored]);
        await Should.ThrowAsync<ArgumentException>(bad);
        (await last).ShouldBe([AppendOutcome.Stored]);
    }

    [Fact]
    public async Task A_store_that_is_away_fails_all_that_go_together_and_is_tried_again_by_the_next()
    {
        var store = new HeldStore { IsAway = true };
        var shared = new SharedAppends(store, 1);
        var appends = Enumerable.Range(0, 3).Select(number => shared.Append([Reports.Of("vm1", number, number + 1)], Cancel)).ToList();
        store.Release();
        foreach (var append in appends)
        {
            await Should.ThrowAsync<IOException>(append);
        }

        store.IsAway = false;
        (await shared.Append([Reports.Of("vm1", 0, 1)], Cancel)).ShouldBe([AppendOutcome.Stored]);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(shared.Append([Reports.Of("vm1", 1, 2)], stop.Token));
    }

    // Holds appends up until it is let go; the oracle behind it.
    private sealed class HeldStore : ITrafficStore
    {
        private readonly InMemoryTrafficStore stored = new();
        private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Channel<int> entered = Channel.CreateUnbounded<int>();
        private readonly Lock turn = new();
        private int seen;

        public bool IsAway { get; set; }

        public int Transactions { get; private set; }

        public List<SubmittedReport> InOrder { get; } = [];

        public async Task Under(int transactions)
        {
            for (; seen < transactions; seen++)
            {
                await entered.Reader.ReadAsync(Cancel);
            }
        }

        public void Release() => gate.SetResult();

        public async Task<ImmutableArray<AppendOutcome>> Append(IReadOnlyList<SubmittedReport> reports, CancellationToken cancel)
        {
            entered.Writer.TryWrite(reports.Count);
            await gate.Task;
            lock (turn)
            {
                if (IsAway)
                {
                    throw new IOException("away");
                }

                if (reports.Contains(Bad))
                {
                    throw new ArgumentException("out of bounds", nameof(reports));
                }

                Transactions++;
                InOrder.AddRange(reports);
                return [.. reports.Select(stored.Append)];
            }
        }

        public Task<ImmutableArray<WindowReport>> Read(AppId application, Window first, Window last, CancellationToken cancel) => throw new NotSupportedException();

        public Task<ImmutableArray<SensorPart>> ReadParts(AppId application, Window first, Window last, CancellationToken cancel) => throw new NotSupportedException();

        public Task<ImmutableArray<SensorPart>> ReadParts(AppId application, VmId vm, Window first, Window last, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<Window?> LatestWindow(AppId application, Window? notAfter, CancellationToken cancel) => throw new NotSupportedException();

        public Task<ImmutableArray<Window>> ReportedWindows(AppId application, Window first, Window last, CancellationToken cancel) => throw new NotSupportedException();

        public Task<int> DeleteBefore(AppId application, Window oldestKept, CancellationToken cancel) => throw new NotSupportedException();
    }
}
