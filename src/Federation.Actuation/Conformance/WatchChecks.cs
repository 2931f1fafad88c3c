using System.Collections.Immutable;
using System.Threading.Channels;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;

namespace Federation.Actuation.Conformance;

/// <summary>What is asked of a driver about what it tells by itself.</summary>
internal static class WatchChecks
{
    public static ImmutableArray<DriverCheck> All { get; } =
    [
        new("It tells of a VM that is here already to one who begins to watch", null, async trial =>
        {
            await trial.Start();
            await using var told = new Told(trial, trial.A);
            await told.Until(GuestState.Running);
        }),

        new("It tells of each state of a move as it comes, and of what is gone", null, async trial =>
        {
            var terms = trial.Facts.MovesLive ? trial.Swift : trial.Cold;
            await using var source = new Told(trial, trial.A);
            await using var destination = new Told(trial, trial.B);
            await trial.Start();
            await source.Until(GuestState.Running);
            var target = await trial.Receive(terms);
            await destination.Until(GuestState.Receiving);
            await trial.Send(target, terms);
            if (trial.Facts.HoldsAtSwitch)
            {
                await source.Until(GuestState.AtSwitch);
            }

            await trial.Switch();
            await source.Until(GuestState.Sent);
            await destination.Until(GuestState.Received);
            await trial.RunThere();
            await destination.Until(GuestState.Running);
            await trial.Stop(trial.A);
            await source.Until(null);
        }),
    ];

    /// <summary>What a driver tells of the trial's VM, in order.</summary>
    private sealed class Told : IAsyncDisposable
    {
        private readonly TrialEnd end;
        private readonly CancellationTokenSource over;
        private readonly Channel<GuestState?> states = Channel.CreateUnbounded<GuestState?>();
        private readonly Task listening;

        public Told(DriverTrial trial, TrialEnd end)
        {
            (this.end, over) = (end, CancellationTokenSource.CreateLinkedTokenSource(trial.Cancel));
            listening = Listen(end.Driver);
        }

        public Task Until(GuestState? state) => end.Do($"Watch, telling of {state?.ToString() ?? "its end"}", async (_, stop) =>
        {
            while (await states.Reader.ReadAsync(stop) != state)
            {
            }
        });

        public async ValueTask DisposeAsync()
        {
            await over.CancelAsync();
            await listening;
            over.Dispose();
        }

        private async Task Listen(IHypervisorDriver driver)
        {
            try
            {
                await foreach (var (vm, now) in driver.Watch(over.Token))
                {
                    if (vm == end.Vm)
                    {
                        states.Writer.TryWrite(now?.State);
                    }
                }

                states.Writer.TryComplete(new DriverException("Watch ended by itself"));
            }
            catch (OperationCanceledException)
            {
            }
            catch (DriverException fault)
            {
                states.Writer.TryComplete(fault);
            }
        }
    }
}
