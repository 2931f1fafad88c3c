using Federation.Domain.Identity;

namespace Federation.Domain.Sites;

/// <summary>How far a VM is with a place at a site.</summary>
public enum AllocationState
{
    /// <summary>The place is kept for it; it is not here yet.</summary>
    Arriving,

    /// <summary>It is here.</summary>
    Here,

    /// <summary>It is here and on its way to another site.</summary>
    Leaving,
}

/// <summary>One VM's place at a site.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Tenant">Whose quota it counts against.</param>
/// <param name="Offer">The offer.</param>
/// <param name="Reservation">What it was reserved under: asking again under the same name changes nothing.</param>
/// <param name="State">How far it is.</param>
/// <param name="Migrates">Whether it arrives by a live migration, which the site's policy limits.</param>
/// <param name="Since">When its place was kept; from its arrival on, when it arrived: the begin of the stay that core-hours are counted over.</param>
/// <param name="CoreHours">The core-hours that it is planned to use.</param>
/// <param name="ExpiresAt">
/// When a place that is only reserved is given back by itself, by the site's clock; null: it is kept until it is released.
/// </param>
public sealed record Allocation(
    VmRef Vm,
    TenantId Tenant,
    string Offer,
    string Reservation,
    AllocationState State,
    bool Migrates,
    DateTimeOffset Since,
    double CoreHours,
    DateTimeOffset? ExpiresAt = null)
{
    /// <summary>Whether it has run out: it counts no more, whether or not anybody has taken it off the ledger yet.</summary>
    public bool HasExpired(DateTimeOffset now) => State == AllocationState.Arriving && ExpiresAt <= now;
}
