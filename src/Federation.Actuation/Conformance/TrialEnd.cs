using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Conformance;

/// <summary>One of the two hosts, as far as one VM is concerned: calls that must return in time, looks, and states that are waited for.</summary>
public sealed class TrialEnd : IAsyncDisposable
{
    private readonly IDriverStand stand;
    private readonly TrialHost host;
    private readonly CancellationToken cancel;

    /// <summary>With a driver that is opened.</summary>
    /// <param name="stand">The two hosts.</param>
    /// <param name="host">Which one it is.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="cancel">Ends the whole trial.</param>
    public TrialEnd(IDriverStand stand, TrialHost host, VmRef vm, CancellationToken cancel)
    {
        (this.stand, this.host, this.cancel, Vm, Driver) = (stand, host, cancel, vm, stand.Open(host));
    }

    /// <summary>The VM.</summary>
    public VmRef Vm { get; }

    /// <summary>The host's driver.</summary>
    public IHypervisorDriver Driver { get; private set; }

    /// <summary>Whether the VM was told to run here. Where it was not, it is a fault if it does.</summary>
    public bool MayRun { get; set; }

    /// <summary>Makes a call, which must return in time.</summary>
    /// <exception cref="CheckFailedException">It was refused, or did not return.</exception>
    public async Task<T> Do<T>(string what, Func<IHypervisorDriver, CancellationToken, Task<T>> call)
    {
        try
        {
            return await InTime(what, call);
        }
        catch (DriverException fault)
        {
            throw new CheckFailedException($"host {Name}: {what} was refused: {fault.Message}", fault);
        }
    }

    /// <inheritdoc cref="Do{T}"/>
    public Task Do(string what, Func<IHypervisorDriver, CancellationToken, Task> call) => Do(what, Without(call));

    /// <summary>Makes a call that may be refused, and must return in time.</summary>
    /// <exception cref="CheckFailedException">It did not return.</exception>
    public async Task Attempt(string what, Func<IHypervisorDriver, CancellationToken, Task> call)
    {
        try
        {
            await InTime(what, Without(call));
        }
        catch (DriverException)
        {
            // Either is right here; what becomes of the VM is looked at next.
        }
    }

    /// <summary>Makes a call that must be refused, and changes nothing.</summary>
    /// <exception cref="CheckFailedException">It was not, or did not return, or the VM's state is another one now.</exception>
    public async Task Refuses(string what, Func<IHypervisorDriver, CancellationToken, Task> call)
    {
        var before = (await Look())?.State;
        try
        {
            await InTime(what, Without(call));
        }
        catch (DriverException fault) when (!string.IsNullOrWhiteSpace(fault.Message))
        {
            var after = (await Look())?.State;
            Demand(before == after, $"{what} was refused and changed the VM from {Text(before)} to {Text(after)}");
            return;
        }

        throw new CheckFailedException($"host {Name}: {what} was not refused");
    }

    /// <summary>The VM as it is here now; null: it is not.</summary>
    /// <exception cref="CheckFailedException">It runs and was not told to, or is found twice.</exception>
    public async Task<GuestSighting?> Look()
    {
        var all = await Do("Find", (driver, stop) => driver.Find(stop));
        Demand(!all.IsDefault, "Find gave no list");
        Demand(all.Select(sighting => sighting.Vm).SequenceEqual(all.Select(sighting => sighting.Vm).Order().Distinct()), "Find tells VMs twice, or not by name");
        var now = all.FirstOrDefault(sighting => sighting.Vm == Vm);
        Demand(MayRun || now?.State != GuestState.Running, $"{Vm} runs, and nobody told it to");
        return now;
    }

    /// <summary>Waits until the VM is in a state.</summary>
    /// <exception cref="CheckFailedException">It is not, in time.</exception>
    public async Task<GuestSighting> Until(GuestState state) => (await Until(Text(state), now => now?.State == state))!;

    /// <summary>Waits until the VM is not here any more.</summary>
    /// <exception cref="CheckFailedException">It is, after all that time.</exception>
    public Task Gone() => Until("gone", now => now is null);

    /// <summary>Waits until what is seen of the VM is as it should be.</summary>
    /// <param name="what">How it should be, for the failure.</param>
    /// <param name="holds">Whether it is.</param>
    /// <exception cref="CheckFailedException">It is not, in time.</exception>
    public Task<GuestSighting?> Until(string what, Func<GuestSighting?, bool> holds) => Until(what, holds, null);

    /// <param name="what">How it should be, for the failure.</param>
    /// <param name="holds">Whether it is.</param>
    /// <param name="beside">The other host, looked at meanwhile as its agent does; null: nobody looks.</param>
    /// <inheritdoc cref="Until(string, Func{GuestSighting?, bool})"/>
    public async Task<GuestSighting?> Until(string what, Func<GuestSighting?, bool> holds, TrialEnd? beside)
    {
        var since = stand.Clock.GetTimestamp();
        while (true)
        {
            var now = await Look();
            if (beside is not null)
            {
                await beside.Look();
            }

            if (holds(now))
            {
                return now;
            }

            Demand(stand.Clock.GetElapsedTime(since) < stand.Patience, $"{Vm} should be {what} within {stand.Patience.TotalSeconds} s and is {Text(now)}");
            await Task.Delay(stand.Interval, stand.Clock, cancel);
        }
    }

    /// <summary>Looks several times: the VM has to be in the state each time.</summary>
    /// <exception cref="CheckFailedException">It is in another one.</exception>
    public async Task Stays(GuestState? state)
    {
        for (var look = 0; look < 5; look++)
        {
            var now = await Look();
            Demand(now?.State == state, $"{Vm} should stay {Text(state)} and is {Text(now)}");
            await Task.Delay(stand.Interval, stand.Clock, cancel);
        }
    }

    /// <summary>What a restart of the caller does: another driver, which knows nothing of the one before.</summary>
    public async Task Reopen()
    {
        await DisposeAsync();
        Driver = stand.Open(host);
    }

    /// <summary>Fails the check unless something is so.</summary>
    /// <exception cref="CheckFailedException">It is not.</exception>
    public void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new CheckFailedException($"host {Name}: {otherwise}");
        }
    }

    /// <summary>Closes the driver, as the end of its caller does.</summary>
    public async ValueTask DisposeAsync()
    {
        switch (Driver)
        {
            case IAsyncDisposable open: await open.DisposeAsync(); break;
            case IDisposable open: open.Dispose(); break;
        }
    }

    private async Task<T> InTime<T>(string what, Func<IHypervisorDriver, CancellationToken, Task<T>> call)
    {
        using var over = new CancellationTokenSource(stand.Patience, stand.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancel);
        try
        {
            return await call(Driver, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            throw new CheckFailedException($"host {Name}: {what} has not returned within {stand.Patience.TotalSeconds} s");
        }
        catch (Exception fault) when (fault is not (DriverException or OperationCanceledException))
        {
            throw new CheckFailedException($"host {Name}: {what} threw {fault.GetType().Name} and not DriverException: {fault.Message}", fault);
        }
    }

    private string Name => host == TrialHost.A ? "a" : "b";

    private static Func<IHypervisorDriver, CancellationToken, Task<bool>> Without(Func<IHypervisorDriver, CancellationToken, Task> call) =>
        async (driver, stop) =>
        {
            await call(driver, stop);
            return true;
        };

    private static string Text(GuestState? state) => state?.ToString() ?? "not here";

    private static string Text(GuestSighting? now) => now is null ? "not here"
        : string.Join(", ", new[] { now.State.ToString(), now.Remark, now.Transfer?.Fault }.Where(part => part is not null));
}
