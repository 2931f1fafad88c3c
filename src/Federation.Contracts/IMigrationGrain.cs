using Federation.Contracts.Access;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Migration;

namespace Federation.Contracts;

/// <summary>One live migration, from the place kept at its new site to the place given back at its old one.</summary>
[Alias("Federation.IMigrationGrain")]
public interface IMigrationGrain : IGrainWithStringKey
{
    /// <summary>Begins, or goes on after a restart; told again, nothing is done twice.</summary>
    [Alias("Run")]
    Task<MigrationState> Run(MigrationState initial);

    /// <summary>Goes on, if it has begun and not ended: told by the agent of a host where its VM stands still.</summary>
    [Alias("GoOn")]
    Task GoOn();

    /// <summary>How far it is; null if it has not begun, or the caller does not see it.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Get")]
    Task<MigrationState?> Get();

    /// <summary>Takes it back; a no once the VM was told to run at its new site, or if it has ended or never began.</summary>
    [OpenTo(Role.Tenant, Changes = true)]
    [Alias("Cancel")]
    Task<Verdict> Cancel();
}
