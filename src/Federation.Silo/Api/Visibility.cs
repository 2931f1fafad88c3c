using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Identity;

namespace Federation.Silo.Api;

/// <summary>What of a list its reader sees.</summary>
internal static class Visibility
{
    /// <summary>The applications that a caller sees.</summary>
    public static async Task<IEnumerable<AppId>> VisibleApplications(this IGrainFactory grains, Caller caller) =>
        (await grains.Federation().Applications()).Where(id => caller.Sees(id.Tenant));
}
