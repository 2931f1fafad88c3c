using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Federation.Actuation.Watching;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.PlugIns;

/// <summary>A hypervisor that is a program of the operator's. It is sent calls and writes answers, a line of JSON each: see <c>docs/drivers.md</c>.</summary>
/// <remarks>
/// The program is started at the first call, and anew at the first call after it has ended, has not answered in time or has written what is no answer.
/// VMs outlive it. All errors name the program, and the line or the call.
/// </remarks>
public sealed class PlugInDriver : IHypervisorDriver, IAsyncDisposable
{
    private readonly PlugInOptions options;
    private readonly TimeProvider clock;
    private readonly Func<Wake, IPlugInRun> start;
    private readonly Wake wake = new();
    private readonly SemaphoreSlim turn = new(1, 1);
    private IPlugInRun? current;

    /// <summary>With the program not yet started.</summary>
    /// <param name="options">The program.</param>
    /// <param name="clock">Measures how long it takes to answer.</param>
    /// <param name="log">Given each line that it writes to its standard error.</param>
    public PlugInDriver(PlugInOptions options, TimeProvider clock, Action<string> log)
        : this(options, clock, wake => PlugInProcess.Start(options, clock, wake, log))
    {
    }

    /// <summary>With another way to start it.</summary>
    internal PlugInDriver(PlugInOptions options, TimeProvider clock, Func<Wake, IPlugInRun> start) =>
        (this.options, this.clock, this.start) = (options, clock, start);

    /// <inheritdoc/>
    public async Task<HypervisorFacts> Describe(CancellationToken cancel)
    {
        var facts = await Ask<HypervisorFacts>(new("describe"), cancel);
        return !string.IsNullOrWhiteSpace(facts.Driver) && !string.IsNullOrWhiteSpace(facts.Version) ? facts
            : throw new DriverException($"plug-in {options.Program} describes itself without a name (driver) or without a version");
    }

    /// <inheritdoc/>
    public Task Start(GuestSpec guest, CancellationToken cancel) => Tell(new("start", guest.Vm, Guest: guest), options.RunSeconds, cancel);

    /// <inheritdoc/>
    public Task Stop(VmRef vm, CancellationToken cancel) => Tell(new("stop", vm), options.CallSeconds, cancel);

    /// <inheritdoc/>
    public async Task<TransferTarget> Receive(MigrationId migration, GuestSpec guest, TransferTerms terms, CancellationToken cancel)
    {
        var target = await Ask<TransferTarget>(new("receive", guest.Vm, migration, guest, Terms: terms), cancel);
        wake.Now();
        return target;
    }

    /// <inheritdoc/>
    public Task Send(MigrationId migration, VmRef vm, TransferTarget to, TransferTerms terms, CancellationToken cancel) =>
        Tell(new("send", vm, migration, To: to, Terms: terms), options.CallSeconds, cancel);

    /// <inheritdoc/>
    public Task Switch(MigrationId migration, VmRef vm, CancellationToken cancel) => Tell(new("switch", vm, migration), options.CallSeconds, cancel);

    /// <inheritdoc/>
    public Task Run(VmRef vm, CancellationToken cancel) => Tell(new("run", vm), options.RunSeconds, cancel);

    /// <inheritdoc/>
    public Task Cancel(MigrationId migration, VmRef vm, CancellationToken cancel) => Tell(new("cancel", vm, migration), options.CallSeconds, cancel);

    /// <inheritdoc/>
    public async Task<ImmutableArray<GuestSighting>> Find(CancellationToken cancel)
    {
        var found = await Ask<GuestSighting?[]>(new("find"), cancel);
        return found.DistinctBy(sighting => sighting?.Vm).Count() == found.Length && !found.Contains(null)
            ? [.. found.OfType<GuestSighting>().OrderBy(sighting => sighting.Vm)]
            : throw new DriverException($"plug-in {options.Program} finds a VM twice, or null");
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<(VmRef Vm, GuestSighting? Now)> Watch([EnumeratorCancellation] CancellationToken cancel)
    {
        var next = wake.Next;
        Task<ImmutableArray<GuestSighting>> Look(CancellationToken stop)
        {
            next = wake.Next;
            return Find(stop);
        }

        await foreach (var change in SightingChanges.Poll(Look, stop => Wake.Wait(next, TimeSpan.FromSeconds(options.FindSeconds), clock, stop), cancel))
        {
            yield return change;
        }
    }

    /// <summary>Ends the program.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref current, null) is { } run)
        {
            await run.DisposeAsync();
        }

        turn.Dispose();
    }

    private async Task<T> Ask<T>(PlugInCall call, CancellationToken cancel) =>
        await (await Running(cancel)).Ask<T>(call, TimeSpan.FromSeconds(options.CallSeconds), cancel);

    private async Task Tell(PlugInCall call, double seconds, CancellationToken cancel)
    {
        await (await Running(cancel)).Tell(call, TimeSpan.FromSeconds(seconds), cancel);
        wake.Now();
    }

    private async Task<PlugInConversation> Running(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            if (current is { Conversation.IsOver: true } over)
            {
                current = null;
                await over.DisposeAsync();
            }

            return (current ??= start(wake)).Conversation;
        }
        finally
        {
            turn.Release();
        }
    }
}
