namespace Federation.Api;

/// <summary>A site as a whole, as its administrators see it.</summary>
/// <param name="Hosts">Its hosts, by name; empty: it has none.</param>
/// <param name="Resources">vCPUs, memory and disk of the hosts that take VMs; empty: it has no hosts.</param>
/// <param name="Offers">How many VMs of each offer there is room for; empty: it has no hosts.</param>
/// <param name="Power">What it takes; null: its file does not say.</param>
/// <param name="Tenants">What each tenant that is there has of it, the one with the largest share first.</param>
/// <param name="Fairness">Jain's index over the tenants' shares: 1 where all have the same, 1/n where one of n has all; null: nobody is there.</param>
public sealed record SiteFiguresDocument(
    HostFiguresDocument[] Hosts, ResourceDocument[] Resources, OfferRoomDocument[] Offers, SitePowerDocument? Power, TenantShareDocument[] Tenants, double? Fairness);

/// <summary>A host as it counts for its site.</summary>
/// <param name="Host">Its name.</param>
/// <param name="State">ready, cordoned, draining, lost or fenced.</param>
/// <param name="Vms">The places on it, those of VMs included that are on their way to it.</param>
/// <param name="Size">What its VMs may have in all.</param>
/// <param name="Used">What places take.</param>
/// <param name="Free">What is left, 0 or more.</param>
public sealed record HostFiguresDocument(string Host, string State, int Vms, HostAmountsDocument Size, HostAmountsDocument Used, HostAmountsDocument Free);

/// <summary>One resource over the hosts of a site that take VMs; vCPUs, or bytes.</summary>
/// <param name="Resource">vcpus, memory or disk.</param>
/// <param name="Size">What there is.</param>
/// <param name="Used">What places take.</param>
/// <param name="Free">What is free over all hosts.</param>
/// <param name="LargestFree">The most that is free on one host: the largest VM that still fits.</param>
/// <param name="Fragmentation">1 less largestFree over free, [0, 1); 0 where nothing is free.</param>
public sealed record ResourceDocument(string Resource, long Size, long Used, long Free, long LargestFree, double Fragmentation);

/// <summary>How many more VMs of an offer there is room for.</summary>
/// <param name="Offer">The offer.</param>
/// <param name="Fit">Host by host.</param>
/// <param name="InOnePiece">Were all that is free on one host.</param>
public sealed record OfferRoomDocument(string Offer, long Fit, long InOnePiece);

/// <summary>What a site takes of power.</summary>
/// <param name="HostsOn">The hosts that are heard of.</param>
/// <param name="HostsIdle">Those of them without a VM.</param>
/// <param name="AtRestWatts">What the hosts that are on take at rest; null: the file does not say what one takes.</param>
/// <param name="IdleWatts">What those without a VM take of that; null: the same.</param>
/// <param name="VcpuWatts">What the vCPUs in use take.</param>
public sealed record SitePowerDocument(int HostsOn, int HostsIdle, double? AtRestWatts, double? IdleWatts, double VcpuWatts);

/// <summary>What a tenant has of a site.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Vms">VMs.</param>
/// <param name="Vcpus">vCPUs.</param>
/// <param name="MemoryBytes">Memory.</param>
/// <param name="Share">Its dominant share: the larger of its shares in vCPUs and memory, of what may be given out, or of what is in use where nothing is limited.</param>
/// <param name="Resource">Which of the two: vcpus or memory.</param>
public sealed record TenantShareDocument(string Tenant, int Vms, int Vcpus, long MemoryBytes, double Share, string Resource);
