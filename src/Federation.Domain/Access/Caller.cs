using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;

namespace Federation.Domain.Access;

/// <summary>Who asks for something. Holds lists: compared by reference.</summary>
/// <param name="Name">What the issuer of its token calls it.</param>
/// <param name="Issuer">Who vouches for it.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="Tenants">The tenants that it acts for, as <see cref="Role.Tenant"/>.</param>
/// <param name="Sites">The sites that are its own, as <see cref="Role.SiteAdmin"/>.</param>
/// <param name="Sensor">Which sensor it is; null: none.</param>
/// <param name="Host">Of which host it is the agent; null: of none.</param>
public sealed record Caller(
    string Name, string Issuer, ImmutableArray<Role> Roles, ImmutableArray<TenantId> Tenants, ImmutableArray<SiteId> Sites, SensorPost? Sensor = null, HostPost? Host = null)
{
    /// <summary>The service itself.</summary>
    public static Caller Service { get; } = new("service", "itself", [Role.Service], [], []);

    /// <summary>Whether it sees every tenant's objects.</summary>
    public bool SeesAll => Has(Role.FederationAdmin) || Has(Role.Auditor) || Has(Role.Service);

    /// <summary>Whether it has a role.</summary>
    public bool Has(Role role) => Roles.Contains(role);

    /// <summary>Whether it sees the objects of a tenant.</summary>
    public bool Sees(TenantId tenant) => SeesAll || (Has(Role.Tenant) && Tenants.Contains(tenant));

    /// <summary>Whether it may run applications in a tenant's name.</summary>
    public bool MayActFor(TenantId tenant) => Has(Role.FederationAdmin) || Has(Role.Service) || (Has(Role.Tenant) && Tenants.Contains(tenant));

    /// <summary>Whether a site is its own to administrate.</summary>
    public bool Administrates(SiteId site) => Has(Role.FederationAdmin) || Has(Role.Service) || (Has(Role.SiteAdmin) && Sites.Contains(site));

    /// <summary>As <c>alice (https://login.example)</c>.</summary>
    public override string ToString() => $"{Name} ({Issuer})";
}

/// <summary>A sensor and the host that it watches.</summary>
/// <param name="Name">The sensor's name.</param>
/// <param name="Place">Its host.</param>
public sealed record SensorPost(string Name, HostPlace Place);
