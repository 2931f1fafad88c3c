using Federation.Domain.Identity;

namespace Federation.Domain.Refusals;

// What the hosts of a site refuse.
public sealed partial record Refusal
{
    /// <summary>No host of the site can take the VM.</summary>
    /// <param name="site">The site.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="why">Each host with what stands against it, as <c>h1 is cordoned</c>.</param>
    public static Refusal CapacityHosts(SiteId site, VmRef vm, IEnumerable<string> why) =>
        new(RefusalCode.CapacityHosts, new() { Site = site, Application = vm.Application, Vm = vm.Vm, Names = NameList.Of(why) });

    /// <summary>Nobody says on which host a VM of the site is: its agents do.</summary>
    public static Refusal HostFromAgent(SiteId site, string? host, VmRef vm) =>
        new(RefusalCode.HostFromAgent, new() { Site = site, Host = host, Application = vm.Application, Vm = vm.Vm });

    /// <summary>No host of the site is large enough for the VM, were it empty.</summary>
    /// <param name="site">The site.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="takes">What it would take, in words.</param>
    /// <param name="largest">What the largest host has, in words.</param>
    public static Refusal HostTooSmall(SiteId site, VmId vm, string takes, string largest) =>
        new(RefusalCode.HostTooSmall, new() { Site = site, Vm = vm, Detail = takes, Instead = largest });

    /// <summary>No host of the site that is large enough has the hardware that the VM asks for.</summary>
    /// <param name="site">The site.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="lacks">The hardware, as <c>CPU model Skylake</c>.</param>
    public static Refusal HostLacksHardware(SiteId site, VmId vm, string lacks) =>
        new(RefusalCode.HostLacksHardware, new() { Site = site, Vm = vm, Detail = lacks });

    /// <summary>The VM names nothing that a host could start.</summary>
    public static Refusal GuestMissing(SiteId site, VmId vm) => new(RefusalCode.GuestMissing, new() { Site = site, Vm = vm });

    /// <summary>An advice would move VMs to other sites, and that harms their application more than its own limits let it.</summary>
    /// <param name="application">The application.</param>
    /// <param name="what">What would be more: <c>cost</c> or <c>time</c>.</param>
    /// <param name="limit">How much there may be: what staying costs, or its run time with its harm limit.</param>
    /// <param name="needed">How much there would be.</param>
    public static Refusal AdviceHarms(AppId application, string what, double limit, double needed) =>
        new(RefusalCode.AdviceHarms, new() { Application = application, Detail = what, Limit = limit, Needed = needed });

    /// <summary>An advice would move VMs to other sites, and none takes them.</summary>
    /// <param name="site">The site that they would leave.</param>
    /// <param name="vms">The VMs.</param>
    public static Refusal AdviceNowhere(SiteId site, IEnumerable<VmId> vms) => new(RefusalCode.AdviceNowhere, new() { Site = site, Names = NameList.Of(vms) });

    /// <summary>The site has no host of this name.</summary>
    /// <param name="site">The site.</param>
    /// <param name="host">The name.</param>
    /// <param name="known">The hosts that it has.</param>
    public static Refusal HostUnknown(SiteId site, string host, IEnumerable<string> known) =>
        new(RefusalCode.HostUnknown, new() { Site = site, Host = host, Names = NameList.Of(known) });

    /// <summary>The host is fenced: it is given back to use first.</summary>
    public static Refusal HostFenced(SiteId site, string host) => new(RefusalCode.HostFenced, new() { Site = site, Host = host });

    /// <summary>The host's agent is not heard of since then.</summary>
    public static Refusal HostLost(SiteId site, string host, DateTimeOffset since) =>
        new(RefusalCode.HostLost, new() { Site = site, Host = host, At = since });

    /// <summary>The host's agent was heard of then: nobody may say that nothing runs there.</summary>
    public static Refusal HostHeard(SiteId site, string host, DateTimeOffset at) =>
        new(RefusalCode.HostHeard, new() { Site = site, Host = host, At = at });

    /// <summary>VMs have places on the host: it is not taken off the site.</summary>
    public static Refusal HostHasVms(SiteId site, string host, IEnumerable<VmRef> vms) =>
        new(RefusalCode.HostHasVms, new() { Site = site, Host = host, Names = NameList.Of(vms) });
}
