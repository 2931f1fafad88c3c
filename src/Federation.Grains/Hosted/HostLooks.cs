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

/// <summary>What the agents of hosts have told, put together as a hypervisor of sites tells it.</summary>
internal sealed class HostLooks(IGrainFactory grains)
{
    // Neither a migration nor a mailbox leaves its silo while one waits for the other.
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    /// <summary>Both ends of a migration; once one is told to be another, or after some seconds.</summary>
    public async Task<MigrationLook> Look(MigrationOrder order, MigrationLook? seen, CancellationToken cancel)
    {
        var wait = seen is null ? TimeSpan.Zero : LongestLook;
        var source = Watch(order.Source, order.Vm, seen?.Source.Stamp ?? 0, wait);
        var destination = Watch(order.Destination, order.Vm, seen?.Destination.Stamp ?? 0, wait);
        if (seen is not null)
        {
            await Task.WhenAny(source, destination).WaitAsync(cancel);
            // The other one is as it is now: what it waited for is not needed.
            source = source.IsCompleted ? source : Watch(order.Source, order.Vm, 0, TimeSpan.Zero);
            destination = destination.IsCompleted ? destination : Watch(order.Destination, order.Vm, 0, TimeSpan.Zero);
        }

        return new(await EndOf(order.Source, await source), await EndOf(order.Destination, await destination));
    }

    /// <summary>The copy at one place, as told last.</summary>
    public async Task<GuestView> ViewOf(VmPlace at, VmRef vm) => await Watch(at, vm, 0, TimeSpan.Zero)
        ?? throw new HypervisorException($"host {at.Host} of {at.At.Site} does not tell what is there") { IsOutcomeUnknown = true };

    /// <summary>Where a VM is or comes, as its grain and its site have it; empty: at no site with hosts.</summary>
    public async Task<IReadOnlyCollection<VmPlace>> PlacesOf(VmRef vm)
    {
        if ((await grains.Vm(vm).Status()).At is not { } at || await grains.Site(at.Site).HostOf(vm) is not { } hosts)
        {
            return [];
        }

        return hosts.NextHost is { } next ? [new(at, hosts.Host), new(at, next)] : [new(at, hosts.Host)];
    }

    /// <summary>A VM at the hosts where it may be.</summary>
    /// <exception cref="HypervisorException">One of them does not tell.</exception>
    public async Task<VmSighting> Find(VmRef vm)
    {
        var (epoch, copies) = (0L, ImmutableArray.CreateBuilder<VmInstance>());
        foreach (var place in await PlacesOf(vm))
        {
            var end = await EndOf(place, await Watch(place, vm, 0, TimeSpan.Zero));
            if (end.IsUnheard)
            {
                throw Silent(place.At.Site, place.Host!);
            }

            if (end.Copy is { } copy)
            {
                copies.Add(InstanceOf(place.At, place.Host!, copy));
                epoch = Math.Max(epoch, end.Epoch);
            }
        }

        return new(vm, epoch, copies.ToImmutable());
    }

    /// <summary>Every VM of which a copy is at a host of a site; in no order.</summary>
    /// <exception cref="HypervisorException">A host that is not fenced does not tell.</exception>
    public async Task<ImmutableArray<VmSighting>> List(SiteId site)
    {
        var told = await Told(site);
        if (told.Where(host => host.Report is null).Select(host => host.Name).FirstOrDefault() is { } silent)
        {
            throw Silent(site, silent);
        }

        var offers = told.IsEmpty ? [] : (await grains.Site(site).Places()).ToDictionary(place => place.Vm, place => place.Offer);
        return
        [
            .. from host in told
               from guest in host.Report!.Guests
               group (host.Name, guest) by guest.Sighting.Vm into copies
               let at = new Location(site, offers.GetValueOrDefault(copies.Key, "unknown"))
               select new VmSighting(
                   copies.Key, copies.Max(copy => copy.guest.Epoch), [.. copies.Select(copy => InstanceOf(at, copy.Name, copy.guest.Sighting))]),
        ];
    }

    /// <summary>The newest life of an application's name of which a VM is at any host that tells; 0: none.</summary>
    /// <remarks>A host that is silent keeps nobody from beginning anew: what it has is found by the doctor once it is back.</remarks>
    public async Task<int> NewestLife(AppId named)
    {
        var told = await Task.WhenAll((await grains.Federation().Sites()).Select(ToldIfThere));
        return told.SelectMany(hosts => hosts).SelectMany(host => host.Report?.Guests ?? [])
            .Select(guest => guest.Sighting.Vm.Application).Where(application => application.Named == named)
            .Select(application => application.Incarnation).DefaultIfEmpty().Max();
    }

    // As before there were hosts, a site that is away says nothing of lives.
    private async Task<ImmutableArray<(string Name, HostReport? Report)>> ToldIfThere(SiteId site)
    {
        try
        {
            return await Told(site);
        }
        catch (SiteOfflineException)
        {
            return [];
        }
    }

    // The hosts of a site that are not fenced, with what each has told; null: it does not tell.
    private async Task<ImmutableArray<(string Name, HostReport? Report)>> Told(SiteId site)
    {
        var hosts = (await grains.Site(site).Hosts()).Select(status => status.Host).Where(host => host.State != HostState.Fenced);
        return [.. await Task.WhenAll(hosts.Select(async host => (
            host.Name, (await grains.Agent(new HostPost(site, host.Name)).Status()) is { IsHeard: true, Report: { } report } ? report : null)))];
    }

    // Null: its mailbox was not reached.
    private async Task<GuestView?> Watch(VmPlace at, VmRef vm, long known, TimeSpan wait)
    {
        try
        {
            return at.Host is { } host ? await grains.Agent(new HostPost(at.At.Site, host)).Watch(vm, known, wait) : null;
        }
        catch (Exception fault) when (fault is OrleansException or TimeoutException or IOException)
        {
            return null;
        }
    }

    // A fence counts more than what was told before it.
    private async Task<EndLook> EndOf(VmPlace at, GuestView? view)
    {
        if (view is { IsHeard: true, ReportedAt: not null })
        {
            return EndLook.Of(view.Guest?.Sighting) with { Stamp = view.Stamp, Epoch = view.Guest?.Epoch ?? 0 };
        }

        return await IsFenced(at) ? EndLook.Fenced : EndLook.Unheard with { Stamp = view?.Stamp ?? 0 };
    }

    private async Task<bool> IsFenced(VmPlace at)
    {
        try
        {
            return at.Host is { } host && await grains.Site(at.At.Site).HostState(host) == HostState.Fenced;
        }
        catch (SiteOfflineException)
        {
            return false;
        }
    }

    private static VmInstance InstanceOf(Location at, string host, GuestSighting copy) => new(at, copy.State switch
    {
        GuestState.Running => VmInstanceState.Running,
        GuestState.Receiving or GuestState.Received => VmInstanceState.Incoming,
        _ => VmInstanceState.Paused,
    }) { Host = host };

    private static HypervisorException Silent(SiteId site, string host) =>
        new($"host {host} of {site} does not tell what is there") { IsOutcomeUnknown = true };
}
