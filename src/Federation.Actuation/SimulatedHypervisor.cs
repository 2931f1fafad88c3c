using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Reconciling;

namespace Federation.Actuation;

/// <summary>
/// A hypervisor at every site that runs no VM but behaves as one that does: its migrations take time and hold at their switch, its calls last over
/// a crash, can be repeated, and are fenced by the VM's epoch. For trying the service, and for tests of what may never happen to a VM.
/// </summary>
/// <remarks>Each VM is one file, replaced whole, so that no crash leaves a VM between two states.</remarks>
public sealed class SimulatedHypervisor(SimulatedVmFiles files, SimulatedHypervisorOptions options, TimeProvider clock) : IHypervisor
{
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public Task Start(VmStart vm, long epoch, CancellationToken cancel) => Change(vm.Vm, epoch, found =>
        found.Instances.IsEmpty ? found with { Instances = [new(vm.Place.At, VmInstanceState.Running)], Transfer = null }
        : Has(found, vm.Place.At, VmInstanceState.Running) ? found
        : throw new HypervisorException($"{vm.Vm} is at {found.Instances[0].At} already, it cannot start at {vm.Place.At}"));

    /// <inheritdoc/>
    public Task Stop(VmRef vm, VmPlace? at, long epoch, CancellationToken cancel) => Change(vm, epoch, found => at is { } place
        ? found with { Instances = found.Instances.RemoveAll(copy => copy.At == place.At), Transfer = null }
        : found with { Instances = [], Transfer = null });

    /// <inheritdoc/>
    public Task Begin(MigrationOrder order, CancellationToken cancel) => Change(order.Vm, order.Epoch, found =>
        Has(found, order.To, VmInstanceState.Running) || found.Transfer?.Migration == order.Id ? found
        : Has(found, order.From, VmInstanceState.Running) ? found with
        {
            Instances = [new(order.From, VmInstanceState.Running), new(order.To, VmInstanceState.Incoming)],
            Transfer = TransferOf(order),
        }
        : throw Lost(order, found));

    /// <inheritdoc/>
    public async Task<MigrationLook> Look(MigrationOrder order, MigrationLook? seen, CancellationToken cancel)
    {
        var found = await files.Read(order.Vm, cancel);
        var look = LookAt(order, found);
        if (look != seen)
        {
            return look;
        }

        await Task.Delay(NextChange(found), clock, cancel);
        return LookAt(order, await files.Read(order.Vm, cancel));
    }

    /// <inheritdoc/>
    public Task Switch(MigrationOrder order, CancellationToken cancel) => Change(order.Vm, order.Epoch, found =>
        found.Transfer is not { } transfer || transfer.Migration != order.Id || Has(found, order.From, VmInstanceState.Paused) ? found
        : clock.GetUtcNow() < transfer.AtSwitchAt ? throw new HypervisorException($"{order.Id} is not at its switch yet")
        : found with
        {
            Instances = [new(order.From, VmInstanceState.Paused), .. found.Instances.Where(copy => copy.At != order.From)],
            Transfer = transfer with { SwitchedAt = clock.GetUtcNow() },
        });

    /// <inheritdoc/>
    public Task Run(MigrationOrder order, VmPlace at, long epoch, CancellationToken cancel) => Change(order.Vm, epoch, found =>
        Has(found, at.At, VmInstanceState.Running) && found.Transfer?.SwitchedAt is null ? found
        : found.Instances.Any(copy => copy.At != at.At && copy.State == VmInstanceState.Running)
            ? throw new HypervisorException($"{order.Vm} runs elsewhere: it cannot run at {at} as well")
        : found.Instances.All(copy => copy.At != at.At) ? throw Lost(order, found)
        : at.At == order.To && LookAt(order, found).Destination.Copy?.State != GuestState.Received
            ? throw new HypervisorException($"{order.Vm} is not complete at {at}")
        : found with
        {
            Instances = [.. found.Instances.Select(copy => copy.At == at.At ? copy with { State = VmInstanceState.Running } : copy)],
            Transfer = null,
        });

    /// <inheritdoc/>
    public Task Cancel(MigrationOrder order, VmPlace at, long epoch, CancellationToken cancel) => Change(order.Vm, epoch, found =>
        Has(found, order.To, VmInstanceState.Running) ? throw new HypervisorException($"{order.Vm} runs at {order.To} already: too late to take {order.Id} back")
        : at.At == order.To ? found with { Instances = found.Instances.RemoveAll(copy => copy.At == order.To) }
        : found.Instances.All(copy => copy.At != order.From) ? throw Lost(order, found)
        : LookAt(order, found).Source.Copy?.State == GuestState.Sent ? found
        : found with
        {
            Instances = [.. found.Instances.Select(copy => copy.At == order.From ? copy with { State = VmInstanceState.Running } : copy)],
            Transfer = null,
        });

    /// <inheritdoc/>
    public async Task<VmSighting> Find(VmRef vm, CancellationToken cancel)
    {
        var found = await files.Read(vm, cancel);
        return new(vm, found.Epoch, found.Instances);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<VmSighting>> List(SiteId site, CancellationToken cancel)
    {
        var there = ImmutableArray.CreateBuilder<VmSighting>();
        foreach (var vm in files.All().Order())
        {
            var found = await Find(vm, cancel);
            ImmutableArray<VmInstance> copies = [.. found.Instances.Where(copy => copy.At.Site == site)];
            if (!copies.IsEmpty)
            {
                there.Add(found with { Instances = copies });
            }
        }

        return there.ToImmutable();
    }

    /// <inheritdoc/>
    public Task<int> NewestLife(AppId named, CancellationToken cancel) => Task.FromResult(
        files.Applications().Where(application => application.Named == named).Select(application => application.Incarnation).DefaultIfEmpty().Max());

    private SimulatedTransfer TransferOf(MigrationOrder order)
    {
        var now = clock.GetUtcNow();
        var copying = Math.Max(0, order.DurationSeconds - order.DowntimeSeconds) * options.TimeScale;
        return new(order.Id, (long)order.Bytes, now, now + TimeSpan.FromSeconds(copying), Math.Max(0, order.DowntimeSeconds) * options.TimeScale);
    }

    // What its files say and what has come to pass since: nobody writes a file because time has gone by.
    private MigrationLook LookAt(MigrationOrder order, SimulatedVm found)
    {
        var now = clock.GetUtcNow();
        var transfer = found.Transfer is { } known && known.Migration == order.Id ? known : null;
        // Without a transfer, a source that stands still was left so by an earlier version, which noted nothing of the way.
        var isSent = transfer is null ? Has(found, order.From, VmInstanceState.Paused) : transfer.SwitchedAt is { } at && now >= at + TimeSpan.FromSeconds(transfer.RestSeconds);
        var isAtSwitch = transfer is { SwitchedAt: null } && now >= transfer.AtSwitchAt;
        return new(
            End(order, found, order.From, transfer, copy => copy switch
            {
                VmInstanceState.Running => isAtSwitch ? GuestState.AtSwitch : GuestState.Running,
                _ => isSent ? GuestState.Sent : GuestState.Sending,
            }),
            End(order, found, order.To, transfer, copy => copy switch
            {
                VmInstanceState.Running => GuestState.Running,
                _ => isSent || found.Instances.Length == 1 && transfer is null or { SwitchedAt: not null } ? GuestState.Received : GuestState.Receiving,
            }));
    }

    private EndLook End(MigrationOrder order, SimulatedVm found, Location at, SimulatedTransfer? transfer, Func<VmInstanceState, GuestState> state) =>
        EndLook.Of(found.Instances.FirstOrDefault(copy => copy.At == at) is { } copy ? new(order.Vm, state(copy.State), transfer is null ? null : ProgressOf(transfer)) : null);

    private TransferProgress ProgressOf(SimulatedTransfer transfer)
    {
        var whole = (transfer.AtSwitchAt - transfer.BeganAt).TotalSeconds;
        var share = whole <= 0 ? 1 : Math.Clamp((clock.GetUtcNow() - transfer.BeganAt).TotalSeconds / whole, 0, 1);
        var sent = (long)(share * transfer.Bytes);
        return new(transfer.Migration, transfer.Bytes, sent, transfer.Bytes - sent, Rounds: 1, ElapsedSeconds: share * whole);
    }

    private TimeSpan NextChange(SimulatedVm found)
    {
        var next = found.Transfer is not { } transfer ? LongestLook
            : (transfer.SwitchedAt is { } at ? at + TimeSpan.FromSeconds(transfer.RestSeconds) : transfer.AtSwitchAt) - clock.GetUtcNow();
        return next <= TimeSpan.Zero || next > LongestLook ? LongestLook : next;
    }

    private async Task Change(VmRef vm, long epoch, Func<SimulatedVm, SimulatedVm> next) =>
        // Not to be cancelled half-way: a file is written or it is not.
        await files.Update(vm, stored =>
            stored.Epoch > epoch
                ? throw new HypervisorException($"{vm} has epoch {stored.Epoch}: a call of epoch {epoch} comes too late")
                : next(stored) with { Epoch = epoch });

    private static bool Has(SimulatedVm found, Location at, VmInstanceState state) => found.Instances.Contains(new(at, state));

    private static HypervisorException Lost(MigrationOrder order, SimulatedVm found) => new(
        $"{order.Vm} is not where {order.Id} needs it: found {(found.Instances.IsEmpty ? "nowhere" : string.Join(", ", found.Instances.Select(copy => $"{copy.State} at {copy.At}")))}");
}
