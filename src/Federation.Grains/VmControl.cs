using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Reconciling;
using Federation.Domain.Refusals;

namespace Federation.Grains;

/// <summary>Starts and stops VMs, and notes where they are. A call whose outcome is unknown is asked about before anybody gives a place back.</summary>
internal sealed class VmControl(IGrainFactory grains, IHypervisor hypervisor)
{
    // Its agent asks for news all the time: one that has none of the VM's network by then does not hear the order either.
    private static readonly TimeSpan LongestWaitForHost = TimeSpan.FromSeconds(10);

    /// <summary>A VM of an application, as a hypervisor is told to start it; its place there has to be confirmed.</summary>
    public async Task<VmStart> StartOf(Application application, VmId vm, Location at)
    {
        var reference = new VmRef(application.Id, vm);
        if (await grains.Site(at.Site).HostOf(reference) is not { Host: { } host } || await grains.Site(at.Site).Get() is not { } site)
        {
            return new(reference, new(at));
        }

        var spec = application.Vms.First(known => known.Id == vm);
        var guest = GuestDescription.Of(application, spec, site.Site);
        return new(reference, new(at, host), guest with { Hardware = await HardwareFor(guest.Hardware, spec, at.Site) });
    }

    // What all hosts have that it may ever be at; where those have nothing in common, what the hosts of its first site have.
    private async Task<GuestHardware> HardwareFor(GuestHardware wanted, VmSpec spec, SiteId at)
    {
        var allowed = (await grains.Federation().Sites()).Where(site => spec.Sites?.Contains(site) != false);
        var there = await Task.WhenAll(allowed.Select(async site => (Site: site, Hosts: await HostsOf(site))));
        return CommonHardware.Of(wanted, there.SelectMany(site => site.Hosts)).Hardware
            ?? CommonHardware.Of(wanted, there.Where(site => site.Site == at).SelectMany(site => site.Hosts)).Hardware
            ?? wanted;
    }

    private async Task<IEnumerable<HypervisorFacts>> HostsOf(SiteId site)
    {
        try
        {
            return (await grains.Site(site).Hosts()).Select(host => host.Host.Facts.Hypervisor);
        }
        catch (SiteOfflineException)
        {
            return [];
        }
    }

    /// <summary>Starts a VM that is nowhere; one that runs there already stays as it is.</summary>
    /// <param name="start">The VM, and where, see <see cref="StartOf"/>.</param>
    /// <param name="reason">What it is started for: the same reason is the same operation.</param>
    /// <returns>
    /// Null: it runs. <see cref="RefusalCode.OutcomeUnknown"/>: the place has to be kept and this asked again. Anything else: it does not run
    /// there, and no call that is still under way can start it.
    /// </returns>
    public async Task<Refusal?> Start(VmStart start, string reason)
    {
        var epoch = await grains.Vm(start.Vm).Own(start.Place, reason, start.Guest);
        var (guest, refusal) = await Connect(start, epoch);
        if (refusal is not null)
        {
            return refusal.Code == RefusalCode.OutcomeUnknown ? refusal : await NotStarted(start, reason, refusal);
        }

        try
        {
            await hypervisor.Start(start with { Guest = guest }, epoch, CancellationToken.None);
            return null;
        }
        catch (HypervisorException fault)
        {
            return await NotStarted(start, reason, Refusal.Hypervisor(fault.Message));
        }
    }

    /// <summary>Stops a VM wherever it is; false: it is not known yet whether it has stopped, and this has to be asked again.</summary>
    public async Task<bool> Stop(VmRef vm, string reason)
    {
        var epoch = await grains.Vm(vm).NextEpoch(reason);
        try
        {
            await hypervisor.Stop(vm, at: null, epoch, CancellationToken.None);
        }
        catch (HypervisorException)
        {
            // Done or not: to stop it again does no harm.
            return false;
        }

        await grains.Vm(vm).SetLocation(null, epoch);
        return true;
    }

    /// <summary>Where a VM is now; null: the hypervisor does not say.</summary>
    public async Task<VmSighting?> Find(VmRef vm)
    {
        try
        {
            return await hypervisor.Find(vm, CancellationToken.None);
        }
        catch (HypervisorException)
        {
            return null;
        }
    }

    // Its host has to have the VM's network before the VM comes, and the VM is told its address. No refusal: it has, or needs none.
    private async Task<(GuestSpec? Guest, Refusal? Refusal)> Connect(VmStart start, long epoch)
    {
        if (start is not { Place: { Host: { } host, At: var at }, Guest: { } guest })
        {
            return (start.Guest, null);
        }

        try
        {
            var verdict = await grains.Segment(start.Vm.Application).Placed(new(start.Vm, new(at.Site, host), epoch, guest.Nics), LongestWaitForHost);
            return verdict.Refusal is { } refusal ? (guest, refusal) : (await GivenAddresses.PutIn(grains, guest), null);
        }
        catch (Exception fault) when (fault is OrleansException or TimeoutException or IOException or SiteOfflineException)
        {
            return (guest, Refusal.OutcomeUnknown(at.Site, start.Vm));
        }
    }

    // Null: it was started after all.
    private async Task<Refusal?> NotStarted(VmStart start, string reason, Refusal why)
    {
        try
        {
            var found = await hypervisor.Find(start.Vm, CancellationToken.None);
            if (found.RunsAt == start.Place.At)
            {
                return null;
            }

            // A newer epoch, so that the call cannot be done late, when the place is another's.
            var epoch = await grains.Vm(start.Vm).NextEpoch($"{reason}, not started");
            if (found.Instances.IsEmpty)
            {
                await hypervisor.Stop(start.Vm, start.Place, epoch, CancellationToken.None);
            }

            await grains.Vm(start.Vm).SetLocation(found.RunsAt, epoch);
            return why;
        }
        catch (HypervisorException)
        {
            return Refusal.OutcomeUnknown(start.Place.At.Site, start.Vm);
        }
    }
}
