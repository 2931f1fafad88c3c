using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Contracts;

/// <summary>One host of a site: which VMs are on it.</summary>
[Alias("Federation.IHostGrain")]
public interface IHostGrain : IGrainWithStringKey
{
    /// <summary>Told that a VM is here now, or may be.</summary>
    [Alias("Arrived")]
    Task Arrived(VmRef vm);

    /// <summary>The VMs that are here, in order.</summary>
    [Alias("Vms")]
    Task<ImmutableArray<VmRef>> Vms();
}
