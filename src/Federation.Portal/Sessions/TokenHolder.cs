using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Json;
using Federation.Domain.Access;
using Federation.Domain.Identity;

namespace Federation.Portal.Sessions;

/// <summary>Whose a token says that it is: for what a page shows, never for what anybody may. That is the grains' to decide, who check the signature.</summary>
/// <param name="Subject">Who it is, as the issuer tells people apart.</param>
/// <param name="Name">The holder's name, for people.</param>
/// <param name="Roles">The roles.</param>
/// <param name="Tenants">The tenants that the holder acts for.</param>
/// <param name="Sites">The sites that are the holder's.</param>
/// <param name="Ends">When the token ends; null: it does not say.</param>
public sealed record TokenHolder(string Subject, string Name, ImmutableArray<Role> Roles, ImmutableArray<TenantId> Tenants, ImmutableArray<SiteId> Sites, DateTimeOffset? Ends)
{
    /// <summary>Reads a JSON web token without looking at its signature; null: it is none.</summary>
    /// <param name="token">The token.</param>
    /// <param name="signIn">How the issuer at which people sign in names claims.</param>
    public static TokenHolder? Read(string token, IssuerSignIn signIn)
    {
        if (token.Split('.') is not [_, var claims, _])
        {
            return null;
        }

        try
        {
            using var said = JsonDocument.Parse(Base64Url.DecodeFromChars(claims));
            var all = said.RootElement;
            var subject = Texts(all, "sub").FirstOrDefault("somebody");
            var names = Texts(all, "iss").FirstOrDefault("").TrimEnd('/') == signIn.Authority.TrimEnd('/') ? signIn : new();
            return new(
                subject,
                Texts(all, "name").FirstOrDefault(subject),
                [.. Texts(all, names.RolesClaim).Select(RoleName.Parse).OfType<Role>()],
                [.. Texts(all, names.TenantsClaim).Select(tenant => new TenantId(tenant))],
                [.. Texts(all, names.SitesClaim).Select(site => new SiteId(site))],
                all.TryGetProperty("exp", out var ends) && ends.TryGetInt64(out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null);
        }
        catch (Exception fault) when (fault is FormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether the holder may run applications of a tenant.</summary>
    public bool ActsFor(TenantId tenant) => Roles.Contains(Role.FederationAdmin) || (Roles.Contains(Role.Tenant) && Tenants.Contains(tenant));

    /// <summary>Whether the holder sees who talks to whom in applications of a tenant.</summary>
    public bool SeesTrafficOf(TenantId tenant) => Roles.Contains(Role.Auditor) || ActsFor(tenant);

    /// <summary>Whether the holder sees the audit log.</summary>
    public bool SeesAudit => Roles.Contains(Role.Auditor) || Roles.Contains(Role.FederationAdmin);

    /// <summary>Whether the holder sees the hosts of a site.</summary>
    public bool SeesHostsOf(SiteId site) => Roles.Contains(Role.Auditor) || Administrates(site);

    /// <summary>Whether the holder decides for a site.</summary>
    public bool Administrates(SiteId site) => Roles.Contains(Role.FederationAdmin) || (Roles.Contains(Role.SiteAdmin) && Sites.Contains(site));

    // One text, or a list of them.
    private static string[] Texts(JsonElement claims, string name) => !claims.TryGetProperty(name, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(one => one.GetString() ?? "").ToArray()
        : [value.GetString() ?? ""];
}
