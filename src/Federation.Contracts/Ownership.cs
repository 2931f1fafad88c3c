using Federation.Domain.Identity;

namespace Federation.Contracts;

/// <summary>Tells whose things are.</summary>
public static class Ownership
{
    /// <summary>The tenant whose application it is; null: there is none of that name.</summary>
    public static async Task<TenantId?> OwnerOf(this IGrainFactory grains, AppId application) => (await grains.Application(application).Description())?.Tenant;
}
