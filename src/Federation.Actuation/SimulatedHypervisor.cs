using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Reconciling;

namespace Federation.Actuation;

/// <summary>
/// A hypervisor at every site that runs no VM but behaves as one that does: its calls take time, last over a crash, can be
/// repeated, and are fenced by the VM's epoch. For trying the service, and for tests of what may never happen to a VM.
/// </summary>
/// <remarks>Each VM is one file, replaced whole, so that no crash leaves a VM between two states.</remarks>
public sealed class SimulatedHypervisor(SimulatedVmFiles files, SimulatedHypervisorOptions options, TimeProvider clock) : IHypervisor
{
    /// <inheritdoc/>
    public Task Start(VmRef vm, Location at, long epoch, CancellationToken cancel) => Change(vm, epoch, found =>
        found.IsEmpty ? [new(at, VmInstanceState.Running)]
        : IsRunning(found, at) ? found
        : throw new HypervisorException($"{vm} is at {found[0].At} already, it cannot start at {at}"));

    /// <inheritdoc/>
    public Task Stop(VmRef vm, long epoch, CancellationToken cancel) => Change(vm, epoch, _ => []);

    /// <inheritdoc/>
    public async Task PreCopy(MigrationOrder order, CancellationToken cancel)
    {
        await Change(order.Vm, order.Epoch, found =>
            IsRunning(found, order.To) || Has(found, order.To, VmInstanceState.Incoming) ? found
            : IsRunning(found, order.From) ? found.Add(new(order.To, VmInstanceState.Incoming))
            : throw Lost(order, found));
        await Wait(order.DurationSeconds - order.DowntimeSeconds, cancel);
    }

    /// <inheritdoc/>
    public async Task StopAndCopy(MigrationOrder order, CancellationToken cancel)
    {
        await Change(order.Vm, order.Epoch, found =>
            IsRunning(found, order.To) ? found
            : Has(found, order.To, VmInstanceState.Incoming) ? [new(order.From, VmInstanceState.Paused), new(order.To, VmInstanceState.Incoming)]
            : throw Lost(order, found));
        await Wait(order.DowntimeSeconds, cancel);
    }

    /// <inheritdoc/>
    public Task Redirect(MigrationOrder order, CancellationToken cancel) => Change(order.Vm, order.Epoch, found =>
        IsRunning(found, order.To) || Has(found, order.To, VmInstanceState.Incoming) ? found : throw Lost(order, found));

    /// <inheritdoc/>
    public Task Activate(MigrationOrder order, CancellationToken cancel) => Change(order.Vm, order.Epoch, found =>
        IsRunning(found, order.To) ? found
        : Has(found, order.To, VmInstanceState.Incoming) ? [new(order.From, VmInstanceState.Paused), new(order.To, VmInstanceState.Running)]
        : throw Lost(order, found));

    /// <inheritdoc/>
    public Task UpdateNetwork(MigrationOrder order, CancellationToken cancel) => Change(order.Vm, order.Epoch, found =>
        IsRunning(found, order.To) ? [new(order.To, VmInstanceState.Running)] : throw Lost(order, found));

    /// <inheritdoc/>
    public Task Abort(MigrationOrder order, CancellationToken cancel) => Change(order.Vm, order.Epoch, found =>
        IsRunning(found, order.To) ? throw new HypervisorException($"{order.Vm} runs at {order.To} already: too late to take {order.Id} back")
        : found.Any(copy => copy.At == order.From) ? [new(order.From, VmInstanceState.Running)]
        : throw Lost(order, found));

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

    private async Task Change(VmRef vm, long epoch, Func<ImmutableArray<VmInstance>, ImmutableArray<VmInstance>> next) =>
        // Not to be cancelled half-way: a file is written or it is not.
        await files.Update(vm, stored =>
            stored.Epoch > epoch
                ? throw new HypervisorException($"{vm} has epoch {stored.Epoch}: a call of epoch {epoch} comes too late")
                : new(epoch, next(stored.Instances)));

    private Task Wait(double seconds, CancellationToken cancel) =>
        Task.Delay(TimeSpan.FromSeconds(Math.Max(0, seconds) * options.TimeScale), clock, cancel);

    private static bool IsRunning(ImmutableArray<VmInstance> found, Location at) => Has(found, at, VmInstanceState.Running);

    private static bool Has(ImmutableArray<VmInstance> found, Location at, VmInstanceState state) => found.Contains(new(at, state));

    private static HypervisorException Lost(MigrationOrder order, ImmutableArray<VmInstance> found) => new(
        $"{order.Vm} is not where {order.Id} needs it: found {(found.IsEmpty ? "nowhere" : string.Join(", ", found.Select(copy => $"{copy.State} at {copy.At}")))}");
}

/// <summary>How the simulated hypervisor behaves.</summary>
public sealed class SimulatedHypervisorOptions
{
    /// <summary>The folder in which it keeps its VMs, a file each.</summary>
    [Required]
    public string Directory { get; set; } = "data/hypervisor";

    /// <summary>How long a migration takes, as a share of what was estimated. Default 0.02: fifty times as fast.</summary>
    [Range(0.0, 100.0)]
    public double TimeScale { get; set; } = 0.02;
}
