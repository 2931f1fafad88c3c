using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Applications;

/// <summary>Where an application would have VMs, and what it counts that one is elsewhere. Forbids nothing and is on no bill. Compared by reference.</summary>
/// <param name="Vms">The VMs, each once; empty: all of the application.</param>
/// <param name="Sites">Where they would be; at least one.</param>
/// <param name="PricePerHour">What each of them counts for each hour of the remaining time at another site, in the federation's currency; 0 or more.</param>
public sealed record Preference(ImmutableArray<VmId> Vms, ImmutableSortedSet<SiteId> Sites, decimal PricePerHour);
