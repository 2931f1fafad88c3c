using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;

namespace Federation.Grains;

/// <summary>Makes the network of an application's incarnation when its first VM comes to a host of the overlay.</summary>
internal static class SegmentBeginning
{
    /// <summary>The network without any VM.</summary>
    /// <param name="grains">Finds sites, the application and the numbers.</param>
    /// <param name="id">The application.</param>
    /// <param name="first">How its first host is reached.</param>
    public static async Task<SegmentRegister> Of(IGrainFactory grains, AppId id, HostNetwork first)
    {
        var application = await grains.Application(id).Description();
        var mtus = await Task.WhenAll((await grains.Federation().Sites()).Where(site => MayBeAt(application, site)).Select(site => LeastMtu(grains, site)));
        var vni = await grains.SegmentNumbers().Take(id);
        return new()
        {
            Application = id,
            Vni = vni,
            Mtu = mtus.Append(first.InnerMtu).Min(),
            Subnet = application?.Subnet ?? Subnet.For(NamedBy(application), vni),
        };
    }

    /// <summary>The IP addresses that the VMs of an application name.</summary>
    public static ImmutableArray<Address> NamedBy(Application? application) => application is null
        ? []
        : [.. application.Vms.SelectMany(vm => vm.Addresses.Concat((vm.Guest?.Nics ?? []).SelectMany(nic => nic.Addresses))).Where(address => address.Kind != AddressKind.Mac).Distinct()];

    private static bool MayBeAt(Application? application, SiteId site) => application?.Vms.All(vm => vm.Sites?.Contains(site) == false) != true;

    // A site that is away has no say: its hosts are held against the network when a VM comes to them.
    private static async Task<int> LeastMtu(IGrainFactory grains, SiteId site)
    {
        try
        {
            return (await grains.Site(site).Hosts()).Select(host => host.Host.Facts.Network?.InnerMtu ?? int.MaxValue).DefaultIfEmpty(int.MaxValue).Min();
        }
        catch (SiteOfflineException)
        {
            return int.MaxValue;
        }
    }
}
