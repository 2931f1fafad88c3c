using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Xunit;

namespace Federation.Host.Tests.Making;

/// <summary>A hypervisor that notes what it is told, and does it when a test lets it.</summary>
internal sealed class TrialDriver : IHypervisorDriver, IGuestConsoles
{
    private readonly Channel<(VmRef, GuestSighting?)> changes = Channel.CreateUnbounded<(VmRef, GuestSighting?)>();

    private TaskCompletionSource looked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was done, in order: <c>Start vm1</c>. What was begun and given up is there, too, with a dash.</summary>
    public ConcurrentQueue<string> Done { get; } = [];

    private readonly ConcurrentDictionary<string, TaskCompletionSource> begun = [];

    /// <summary>Ends when something was begun.</summary>
    public Task Begun(string what) =>
        begun.GetOrAdd(what, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    /// <summary>What it waits for before it does something; null: nothing.</summary>
    public Func<string, CancellationToken, Task>? Before { get; set; }

    /// <summary>Why nothing can be done; null: it can.</summary>
    public string? Fault { get; set; }

    /// <summary>Why it does not say which VMs are here; null: it does.</summary>
    public string? Blind { get; set; }

    /// <summary>The VM that was started last, as it was told.</summary>
    public GuestSpec? Started { get; private set; }

    /// <summary>The VMs that are here.</summary>
    public ConcurrentDictionary<VmRef, GuestSighting> Guests { get; } = [];

    /// <summary>The console of every VM: what is typed comes back.</summary>
    public Func<Stream> Console { get; set; } = () => new MemoryStream();

    public Task<HypervisorFacts> Describe(CancellationToken cancel) => Task.FromResult(new HypervisorFacts { Driver = "trial", Version = "1" });

    public async Task Start(GuestSpec guest, CancellationToken cancel)
    {
        await Do("Start", guest.Vm, cancel);
        Started = guest;
        Put(new(guest.Vm, GuestState.Running));
    }

    public async Task Stop(VmRef vm, CancellationToken cancel)
    {
        await Do("Stop", vm, cancel);
        Guests.TryRemove(vm, out _);
        changes.Writer.TryWrite((vm, null));
    }

    public async Task<TransferTarget> Receive(MigrationId migration, GuestSpec guest, TransferTerms terms, CancellationToken cancel)
    {
        await Do("Receive", guest.Vm, cancel);
        Put(new(guest.Vm, GuestState.Receiving, new(migration)));
        return new("tcp:10.0.0.2:1");
    }

    public Task Send(MigrationId migration, VmRef vm, TransferTarget to, TransferTerms terms, CancellationToken cancel) => Do($"Send to {to.Memory}", vm, cancel);

    public Task Switch(MigrationId migration, VmRef vm, CancellationToken cancel) => Do("Switch", vm, cancel);

    public Task Run(VmRef vm, CancellationToken cancel) => Do("Run", vm, cancel);

    public Task Cancel(MigrationId migration, VmRef vm, CancellationToken cancel) => Do("Cancel", vm, cancel);

    /// <summary>Ends when somebody has begun to look which VMs are here, and has ended.</summary>
    public Task Looked() => looked.Task;

    public Task<ImmutableArray<GuestSighting>> Find(CancellationToken cancel)
    {
        var raised = Interlocked.Exchange(ref looked, new(TaskCreationOptions.RunContinuationsAsynchronously));
        var found = Blind is { } reason
            ? Task.FromException<ImmutableArray<GuestSighting>>(new DriverException(reason))
            : Task.FromResult(Guests.Values.OrderBy(guest => guest.Vm).ToImmutableArray());
        raised.SetResult();
        return found;
    }

    public async IAsyncEnumerable<(VmRef Vm, GuestSighting? Now)> Watch([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var change in changes.Reader.ReadAllAsync(cancel))
        {
            yield return change;
        }
    }

    public Task<byte[]> ReadLog(VmRef vm, int bytes, CancellationToken cancel) =>
        Task.FromResult(System.Text.Encoding.UTF8.GetBytes("0123456789")[^Math.Min(bytes, 10)..]);

    public Task<Stream> OpenConsole(VmRef vm, CancellationToken cancel) => Task.FromResult(Console());

    /// <summary>A VM is here, or changes.</summary>
    public void Put(GuestSighting guest)
    {
        Guests[guest.Vm] = guest;
        changes.Writer.TryWrite((guest.Vm, guest));
    }

    private async Task Do(string what, VmRef vm, CancellationToken cancel)
    {
        var name = $"{what} {vm.Vm}";
        begun.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        try
        {
            await (Before?.Invoke(name, cancel) ?? Task.CompletedTask);
        }
        catch (OperationCanceledException)
        {
            Done.Enqueue($"- {name}");
            throw;
        }

        if (Fault is { } reason)
        {
            throw new DriverException(reason);
        }

        Done.Enqueue(name);
    }
}
