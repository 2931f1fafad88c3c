using System.Collections.Immutable;

namespace Federation.Domain.Access;

/// <summary>What somebody may do at all; on which objects, <see cref="AccessRule"/> tells.</summary>
public enum Role
{
    /// <summary>Reports the VMs on its host and asks which those are.</summary>
    Sensor,

    /// <summary>The agent of one host: reports what runs there and takes orders for it.</summary>
    Host,

    /// <summary>Runs applications of its own.</summary>
    Tenant,

    /// <summary>Says what its own site offers and allows.</summary>
    SiteAdmin,

    /// <summary>Does everything that can be done from outside.</summary>
    FederationAdmin,

    /// <summary>Reads everything, the audit log with it, and changes nothing.</summary>
    Auditor,

    /// <summary>The service itself, on nobody's behalf; no token can have this role.</summary>
    Service,
}

/// <summary>Roles as tokens and command lines write them: <c>site-admin</c>.</summary>
public static class RoleName
{
    private static readonly ImmutableSortedDictionary<string, Role> Known = ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal,
        [
            KeyValuePair.Create("sensor", Role.Sensor), KeyValuePair.Create("host", Role.Host), KeyValuePair.Create("tenant", Role.Tenant),
            KeyValuePair.Create("site-admin", Role.SiteAdmin), KeyValuePair.Create("federation-admin", Role.FederationAdmin), KeyValuePair.Create("auditor", Role.Auditor),
        ]);

    /// <summary>The names that can be given to somebody, in order.</summary>
    public static ImmutableArray<string> All { get; } = [.. Known.Keys];

    /// <summary>The role of a name; null if there is none that a token can have.</summary>
    public static Role? Parse(string name) => Known.TryGetValue(name, out var role) ? role : null;

    /// <summary>A role's name; the service's own is <c>service</c>.</summary>
    public static string Of(Role role) => Known.FirstOrDefault(entry => entry.Value == role).Key ?? "service";
}
