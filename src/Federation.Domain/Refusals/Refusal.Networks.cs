using Federation.Domain.Identity;

namespace Federation.Domain.Refusals;

// What the networks of applications refuse.
public sealed partial record Refusal
{
    /// <summary>Hosts have not acknowledged where a VM comes, or goes: frames could run in a circle between them, or be lost.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="hosts">The hosts.</param>
    public static Refusal SegmentUnacknowledged<T>(VmRef vm, IEnumerable<T> hosts) =>
        new(RefusalCode.SegmentUnacknowledged, new() { Application = vm.Application, Vm = vm.Vm, Names = NameList.Of(hosts) });

    /// <summary>A host's packets are too short for the network of an application, whose VMs were told another length when they started.</summary>
    /// <param name="site">The host's site.</param>
    /// <param name="host">The host.</param>
    /// <param name="application">The application.</param>
    /// <param name="mtu">The longest packet of the host, bytes.</param>
    /// <param name="needed">What is needed, bytes.</param>
    public static Refusal SegmentMtu(SiteId site, string host, AppId application, int mtu, int needed) =>
        new(RefusalCode.SegmentMtu, new() { Site = site, Host = host, Application = application, Limit = mtu, Needed = needed });

    /// <summary>Of two hosts one is on the overlay, the other is not: a VM does not move between the two.</summary>
    /// <param name="with">The host that is, as <c>rennes/host1</c>.</param>
    /// <param name="without">The host that is not.</param>
    public static Refusal OverlayAtOneEnd(string with, string without) => new(RefusalCode.OverlayAtOneEnd, new() { Detail = with, Instead = without });

    /// <summary>An address that a VM names is another VM's on its network.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="address">The address.</param>
    /// <param name="other">Whose it is.</param>
    public static Refusal SegmentAddressTaken(VmRef vm, Address address, VmId other) =>
        new(RefusalCode.SegmentAddressTaken, new() { Application = vm.Application, Vm = vm.Vm, Other = other, Detail = $"{address}" });

    /// <summary>The network of an application has no address left for a VM that names none.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="subnet">The range of addresses.</param>
    /// <param name="room">How many there are for VMs.</param>
    public static Refusal SegmentAddressesUsed(VmRef vm, string subnet, int room) =>
        new(RefusalCode.SegmentAddressesUsed, new() { Application = vm.Application, Vm = vm.Vm, Detail = subnet, Limit = room });

    /// <summary>A VM wants a public address of a site that has no gateway.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="site">The site.</param>
    public static Refusal NoGateway(VmRef vm, SiteId site) => new(RefusalCode.NoGateway, new() { Application = vm.Application, Vm = vm.Vm, Site = site });

    /// <summary>A VM wants a public address of a site that has none left.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="site">The site.</param>
    public static Refusal PublicAddressesUsed(VmRef vm, SiteId site) => new(RefusalCode.PublicAddressesUsed, new() { Application = vm.Application, Vm = vm.Vm, Site = site });

    /// <summary>A VM wants a public address that no gateway owns.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="address">The address.</param>
    public static Refusal PublicAddressUnknown(VmRef vm, Address address) =>
        new(RefusalCode.PublicAddressUnknown, new() { Application = vm.Application, Vm = vm.Vm, Detail = $"{address}" });

    /// <summary>A VM wants a public address that another VM has. Whose it is, is told to its own tenant only.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="address">The address.</param>
    /// <param name="holder">The VM that has it.</param>
    public static Refusal PublicAddressTaken(VmRef vm, Address address, VmRef holder) => new(RefusalCode.PublicAddressTaken, new()
    {
        Application = vm.Application,
        Vm = vm.Vm,
        Detail = $"{address}",
        Instead = holder.Application.Tenant == vm.Application.Tenant ? $"{holder}" : null,
    });

    /// <summary>A VM wants a public address that another VM has just given back.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="address">The address.</param>
    public static Refusal PublicAddressRests(VmRef vm, Address address) =>
        new(RefusalCode.PublicAddressRests, new() { Application = vm.Application, Vm = vm.Vm, Detail = $"{address}" });

    /// <summary>No gateway owns both what a VM wants and the public addresses that its application has.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="wish">The site or the address that it wants.</param>
    public static Refusal PublicAddressesApart(VmRef vm, string wish) =>
        new(RefusalCode.PublicAddressesApart, new() { Application = vm.Application, Vm = vm.Vm, Detail = wish });

    /// <summary>An application that has no network yet lets no client in.</summary>
    /// <param name="application">The application.</param>
    public static Refusal ClientsNeedNetwork(AppId application) => new(RefusalCode.ClientsNeedNetwork, new() { Application = application });

    /// <summary>A network has a client of that name.</summary>
    /// <param name="application">The application.</param>
    /// <param name="name">The client.</param>
    public static Refusal ClientKnown(AppId application, string name) => new(RefusalCode.ClientKnown, new() { Application = application, Detail = name });

    /// <summary>A network has no client of that name.</summary>
    /// <param name="application">The application.</param>
    /// <param name="name">The client.</param>
    public static Refusal ClientUnknown(AppId application, string name) => new(RefusalCode.ClientUnknown, new() { Application = application, Detail = name });

    /// <summary>A network has as many clients as it can have.</summary>
    /// <param name="application">The application.</param>
    /// <param name="most">How many that are.</param>
    public static Refusal ClientsUsed(AppId application, int most) => new(RefusalCode.ClientsUsed, new() { Application = application, Limit = most });

    /// <summary>An address for a client is none of its network.</summary>
    /// <param name="application">The application.</param>
    /// <param name="name">The client.</param>
    /// <param name="address">The address.</param>
    /// <param name="subnet">The network's range.</param>
    public static Refusal ClientAddressOutside(AppId application, string name, Address address, string subnet) =>
        new(RefusalCode.ClientAddressOutside, new() { Application = application, Detail = $"{address}", Instead = subnet, Names = NameList.Of([name]) });

    /// <summary>An address for a client is somebody else's on its network.</summary>
    /// <param name="application">The application.</param>
    /// <param name="name">The client.</param>
    /// <param name="address">The address.</param>
    /// <param name="holder">Whose it is; null: a VM names it that runs nowhere.</param>
    public static Refusal ClientAddressTaken(AppId application, string name, Address address, string? holder) =>
        new(RefusalCode.ClientAddressTaken, new() { Application = application, Detail = $"{address}", Instead = holder, Names = NameList.Of([name]) });

    /// <summary>A client's packets are too short for its network, whose VMs were told another length when they started.</summary>
    /// <param name="application">The application.</param>
    /// <param name="name">The client.</param>
    /// <param name="mtu">The longest packet of the client, bytes.</param>
    /// <param name="needed">What is needed, bytes.</param>
    public static Refusal ClientMtu(AppId application, string name, int mtu, int needed) =>
        new(RefusalCode.ClientMtu, new() { Application = application, Detail = name, Limit = mtu, Needed = needed });
}
