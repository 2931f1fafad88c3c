using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Conformance;

/// <summary>One VM and its two hosts; the steps of a move, in the words of the port.</summary>
public sealed class DriverTrial : IAsyncDisposable
{
    private readonly IDriverStand stand;
    private int moves;

    /// <summary>A trial with drivers that are opened for it.</summary>
    /// <param name="stand">The two hosts.</param>
    /// <param name="facts">What the driver promises.</param>
    /// <param name="vm">The VM; no other trial has it.</param>
    /// <param name="cancel">Ends the trial.</param>
    public DriverTrial(IDriverStand stand, HypervisorFacts facts, VmRef vm, CancellationToken cancel)
    {
        (this.stand, Facts, Cancel) = (stand, facts, cancel);
        (A, B, Guest) = (new(stand, TrialHost.A, vm, cancel), new(stand, TrialHost.B, vm, cancel), stand.Guest(vm));
        Migration = NextMigration();
    }

    /// <summary>What the driver promises.</summary>
    public HypervisorFacts Facts { get; }

    /// <summary>The VM.</summary>
    public GuestSpec Guest { get; }

    /// <summary>Where it is started.</summary>
    public TrialEnd A { get; private set; }

    /// <summary>Where it is moved to.</summary>
    public TrialEnd B { get; private set; }

    /// <summary>The move.</summary>
    public MigrationId Migration { get; private set; }

    /// <summary>Ends the trial.</summary>
    public CancellationToken Cancel { get; }

    /// <summary>A live transfer that is at its switch soon.</summary>
    public TransferTerms Swift => stand.Swift;

    /// <summary>A live transfer that takes long.</summary>
    public TransferTerms Slow => stand.Slow;

    /// <summary>A transfer of a VM that is stopped.</summary>
    public TransferTerms Cold => stand.Swift with { IsLive = false };

    private VmRef Vm => Guest.Vm;

    /// <summary>Starts the VM at the source.</summary>
    public async Task Start()
    {
        A.MayRun = true;
        await A.Do("Start", (driver, stop) => driver.Start(Guest, stop));
        await A.Until(GuestState.Running);
    }

    /// <summary>Makes the destination ready.</summary>
    public async Task<TransferTarget> Receive(TransferTerms terms)
    {
        var target = await B.Do("Receive", (driver, stop) => driver.Receive(Migration, Guest, terms, stop));
        B.Demand(!string.IsNullOrWhiteSpace(target?.Memory), "Receive gave no target");
        return target!;
    }

    /// <summary>Begins to send.</summary>
    public Task Send(TransferTarget to, TransferTerms terms) => A.Do("Send", (driver, stop) => driver.Send(Migration, Vm, to, terms, stop));

    /// <summary>Starts the VM, and begins to move it.</summary>
    public async Task Begin(TransferTerms terms)
    {
        await Start();
        await Send(await Receive(terms), terms);
    }

    /// <summary>Starts the VM, and begins to move it so slowly that it is being copied when this returns.</summary>
    public async Task BeginCopying()
    {
        await Begin(Slow);
        await A.Until("copied and run", now => now is { State: GuestState.Running, Transfer: { } transfer } && transfer.Migration == Migration);
    }

    /// <summary>Starts the VM, and moves it to its switch.</summary>
    public async Task BeginToSwitch(TransferTerms terms)
    {
        await Begin(terms);
        await ToSwitch();
    }

    /// <summary>Waits for the switch, if the driver holds there.</summary>
    public async Task ToSwitch()
    {
        if (Facts.HoldsAtSwitch)
        {
            await A.Until(GuestState.AtSwitch);
        }
    }

    /// <summary>Sends the rest, until all of it is at the destination.</summary>
    public async Task Switch()
    {
        if (Facts.HoldsAtSwitch)
        {
            await A.Do("Switch", (driver, stop) => driver.Switch(Migration, Vm, stop));
        }

        await A.Until(GuestState.Sent);
        A.MayRun = false;
        await B.Until(GuestState.Received);
    }

    /// <summary>Starts the VM, and moves it until all of it is at the destination.</summary>
    public async Task BeginToSent(TransferTerms terms)
    {
        await BeginToSwitch(terms);
        await Switch();
    }

    /// <summary>Lets the destination run.</summary>
    public async Task RunThere()
    {
        B.MayRun = true;
        await B.Do("Run", (driver, stop) => driver.Run(Vm, stop));
        await B.Until(GuestState.Running);
    }

    /// <summary>Clears a host of the VM.</summary>
    public async Task Stop(TrialEnd end)
    {
        await end.Do("Stop", (driver, stop) => driver.Stop(Vm, stop));
        await end.Gone();
        end.MayRun = false;
    }

    /// <summary>Takes the move back at the source.</summary>
    public async Task CancelHere()
    {
        await A.Do("Cancel", (driver, stop) => driver.Cancel(Migration, Vm, stop));
        await A.Until(GuestState.Running);
    }

    /// <summary>Takes the move back at the destination.</summary>
    public async Task CancelThere()
    {
        await B.Do("Cancel", (driver, stop) => driver.Cancel(Migration, Vm, stop));
        await B.Gone();
    }

    /// <summary>Restarts the callers of both drivers.</summary>
    public async Task Reopen()
    {
        await A.Reopen();
        await B.Reopen();
    }

    /// <summary>Takes the VM the whole way to the destination, from where it runs at the source.</summary>
    public async Task Move(TransferTerms terms)
    {
        await Send(await Receive(terms), terms);
        await ToSwitch();
        await Switch();
        await RunThere();
        await Stop(A);
    }

    /// <summary>Another move of the same VM, in the same direction.</summary>
    public void Anew() => Migration = NextMigration();

    /// <summary>Another move of the same VM, the other way.</summary>
    public void Turn()
    {
        (A, B) = (B, A);
        Anew();
    }

    /// <summary>Another move's name.</summary>
    public MigrationId NextMigration() => new(new(Guest.Vm.Application, 1), ++moves);

    /// <summary>Clears both hosts of the VM, whatever it does there, and closes the drivers.</summary>
    /// <exception cref="CheckFailedException">It could not be cleared.</exception>
    public async Task Clear()
    {
        foreach (var end in ImmutableArray.Create(A, B))
        {
            end.MayRun = true;
            await end.Do("Stop", (driver, stop) => driver.Stop(Vm, stop));
        }

        await A.Gone();
        await B.Gone();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
