using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Reconciling;
using Federation.Domain.Sites;

namespace Federation.Grains.Hosted;

/// <summary>
/// The hypervisors of sites that have hosts: each call becomes orders to the agents of the hosts that it is about. What is at a site without hosts is
/// passed on to that site's own hypervisor.
/// </summary>
/// <param name="grains">Finds mailboxes, sites and VMs.</param>
/// <param name="elsewhere">The hypervisor of sites without hosts.</param>
/// <param name="secrets">Where tenants' secrets are.</param>
/// <param name="clock">Measures how long answers take.</param>
public sealed class HostedHypervisor(IGrainFactory grains, IHypervisor elsewhere, ISecrets secrets, TimeProvider clock) : IHypervisor
{
    // An image may have to be fetched first.
    private static readonly TimeSpan LongestPreparation = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(60);

    private readonly HostLooks looks = new(grains);

    /// <inheritdoc/>
    public async Task Start(VmStart vm, long epoch, CancellationToken cancel)
    {
        if (vm.Place.Host is not { } host)
        {
            await elsewhere.Start(vm, epoch, cancel);
            return;
        }

        var guest = await WithSecrets(vm.Guest ?? throw NoGuest(vm.Vm, vm.Place), cancel);
        await Order(vm.Place, new HostOrder.Start($"{vm.Vm.Key}/start.{epoch}", vm.Vm, epoch, guest), LongestPreparation, cancel);
    }

    /// <inheritdoc/>
    public async Task Stop(VmRef vm, VmPlace? at, long epoch, CancellationToken cancel)
    {
        if (at is { Host: null })
        {
            await elsewhere.Stop(vm, at, epoch, cancel);
            return;
        }

        foreach (var place in at is { } one ? [one] : await looks.PlacesOf(vm))
        {
            await Order(place, new HostOrder.Stop($"{vm.Key}/stop.{epoch}", vm, epoch), LongestAnswer, cancel);
        }

        if (at is null)
        {
            await elsewhere.Stop(vm, at, epoch, cancel);
        }
    }

    /// <inheritdoc/>
    public async Task Begin(MigrationOrder order, CancellationToken cancel)
    {
        if (!IsHosted(order))
        {
            await elsewhere.Begin(order, cancel);
            return;
        }

        var guest = await WithSecrets(order.Guest ?? throw NoGuest(order.Vm, order.Destination), cancel);
        var runs = (await looks.ViewOf(order.Source, order.Vm)).Guest?.Sighting;
        guest = guest with { Hardware = await HardwareFor(order, guest, runs?.Hardware), MemoryBytes = runs?.MemoryBytes ?? guest.MemoryBytes };
        var waits = await Order(
            order.Destination, new HostOrder.Receive($"{order.Id.Key}/receive", order.Vm, order.Epoch, order.Id, guest, order.Terms), LongestPreparation, cancel);
        var target = waits.Target ?? throw new HypervisorException($"{order.Destination} does not say where it waits for {order.Vm}");
        await Order(order.Source, new HostOrder.Send($"{order.Id.Key}/send", order.Vm, order.Epoch, order.Id, target, order.Terms), LongestAnswer, cancel);
    }

    /// <inheritdoc/>
    public Task<MigrationLook> Look(MigrationOrder order, MigrationLook? seen, CancellationToken cancel) =>
        IsHosted(order) ? looks.Look(order, seen, cancel) : elsewhere.Look(order, seen, cancel);

    /// <inheritdoc/>
    public Task Switch(MigrationOrder order, CancellationToken cancel) => IsHosted(order)
        ? Order(order.Source, new HostOrder.Switch($"{order.Id.Key}/switch", order.Vm, order.Epoch, order.Id), LongestAnswer, cancel)
        : elsewhere.Switch(order, cancel);

    /// <inheritdoc/>
    public Task Run(MigrationOrder order, VmPlace at, long epoch, CancellationToken cancel) => IsHosted(order)
        ? Order(at, new HostOrder.Run($"{order.Id.Key}/run.{epoch}", order.Vm, epoch), LongestAnswer, cancel)
        : elsewhere.Run(order, at, epoch, cancel);

    /// <inheritdoc/>
    public Task Cancel(MigrationOrder order, VmPlace at, long epoch, CancellationToken cancel) => IsHosted(order)
        ? Order(at, new HostOrder.Cancel($"{order.Id.Key}/cancel.{epoch}", order.Vm, epoch, order.Id), LongestAnswer, cancel)
        : elsewhere.Cancel(order, at, epoch, cancel);

    /// <inheritdoc/>
    public async Task<VmSighting> Find(VmRef vm, CancellationToken cancel)
    {
        var there = await looks.Find(vm);
        return there.Epoch == 0 && there.Instances.IsEmpty ? await elsewhere.Find(vm, cancel) : there;
    }

    /// <inheritdoc/>
    public async Task<int> NewestLife(AppId named, CancellationToken cancel) =>
        Math.Max(await elsewhere.NewestLife(named, cancel), await looks.NewestLife(named));

    /// <inheritdoc/>
    public async Task<ImmutableArray<VmSighting>> List(SiteId site, CancellationToken cancel)
    {
        var there = await looks.List(site);
        return there.IsEmpty ? await elsewhere.List(site, cancel) : [.. there.Concat(await elsewhere.List(site, cancel)).OrderBy(vm => vm.Vm)];
    }

    // As it runs; one that starts anew where that cannot be, as it was described.
    private async Task<GuestHardware> HardwareFor(MigrationOrder order, GuestSpec guest, GuestHardware? runs) => runs is null ? guest.Hardware
        : order.Terms.IsLive || (await grains.Agent(new HostPost(order.To.Site, order.ToHost!)).Status()).Report is not { } there || HostShape.Missing(there.Facts.Hypervisor, runs) is null ? runs
        : order.Described ?? guest.Hardware;

    private async Task<HostAnswer> Order(VmPlace at, HostOrder order, TimeSpan longest, CancellationToken cancel) =>
        await grains.Order(new HostPost(at.At.Site, at.Host!), order, longest, clock, cancel);

    private async Task<GuestSpec> WithSecrets(GuestSpec guest, CancellationToken cancel)
    {
        var (whole, missing) = await secrets.PutIn(guest, cancel);
        return whole ?? throw new HypervisorException(
            $"{guest.Vm} names secrets that tenant {guest.Vm.Application.Tenant} does not have: {string.Join(", ", missing)}");
    }

    // One that has hosts at one end only was refused when it was planned.
    private static bool IsHosted(MigrationOrder order) => order.FromHost is not null || order.ToHost is not null;

    private static HypervisorException NoGuest(VmRef vm, VmPlace at) =>
        new($"{vm} cannot run at {at}: its application names no image or kernel that it starts from");
}
