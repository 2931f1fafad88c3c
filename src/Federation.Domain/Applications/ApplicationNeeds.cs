using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Domain.Applications;

/// <summary>What of an application decides whether a site can be of use to it. Small: one is kept of every application in one place.</summary>
/// <remarks>Errs towards yes: what one VM could use, the application could. Compared by value, its sets too.</remarks>
/// <param name="Vms">How many VMs it has.</param>
/// <param name="LeastVcpus">The vCPUs of its smallest VM.</param>
/// <param name="LeastMemoryBytes">The memory of the VM that needs least.</param>
/// <param name="Residency">The residency tags that every VM needs.</param>
/// <param name="Sites">The sites that it may be at; null: any.</param>
/// <param name="Addresses">The addresses of its VMs, see <see cref="AddressSpan.Of"/>; default: not known, as of one that was described before they were kept.</param>
/// <param name="Network">The network that they are of; null: its tenant's own.</param>
public sealed record ApplicationNeeds(
    int Vms, int LeastVcpus, long LeastMemoryBytes, ImmutableSortedSet<string> Residency, ImmutableSortedSet<SiteId>? Sites,
    ImmutableArray<AddressSpan> Addresses = default, string? Network = null)
{
    /// <summary>The addresses of its VMs; empty: none, or not known.</summary>
    public ImmutableArray<AddressSpan> Addresses { get; init; } = Addresses.IsDefault ? [] : Addresses;

    /// <summary>The needs of an application; it has at least one VM.</summary>
    public static ApplicationNeeds Of(Application application) => new(
        application.Vms.Length,
        application.Vms.Min(vm => vm.Vcpus),
        application.Vms.Min(vm => vm.MemoryBytes),
        application.Vms.Select(vm => vm.Residency).Aggregate((common, some) => common.Intersect(some)),
        application.Vms.Any(vm => vm.Sites is null) ? null : [.. application.Vms.SelectMany(vm => vm.Sites!)],
        AddressSpan.Of(application),
        application.Network);

    /// <summary>An address that another application has as well on the same network; null: none is known.</summary>
    /// <param name="other">The other application.</param>
    /// <param name="isOfTenant">Whether both are of one tenant.</param>
    public Address? SharedWith(ApplicationNeeds other, bool isOfTenant) =>
        Network == other.Network && (isOfTenant || Network is not null) ? AddressSpan.Common(Addresses, other.Addresses) : null;

    /// <summary>Whether a VM of it could come to one of some offers, as far as rules and sizes go; when, and whether there is room, is left aside.</summary>
    public bool CouldUse(Site site, TenantId tenant, IEnumerable<Offer> offers) =>
        site.Policy.Admits(tenant)
        && Sites?.Contains(site.Id) != false
        && Residency.IsSubsetOf(site.Policy.Residency)
        && offers.Any(offer => offer.Vcpus >= LeastVcpus && offer.MemoryBytes >= LeastMemoryBytes);

    /// <inheritdoc/>
    public bool Equals(ApplicationNeeds? other) => other is not null
        && (Vms, LeastVcpus, LeastMemoryBytes, Sites is null, Network) == (other.Vms, other.LeastVcpus, other.LeastMemoryBytes, other.Sites is null, other.Network)
        && Residency.SetEquals(other.Residency)
        && (Sites is null || Sites.SetEquals(other.Sites!))
        && Addresses.SequenceEqual(other.Addresses);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Vms, LeastVcpus, LeastMemoryBytes, Residency.Count, Sites?.Count);
}
