namespace Federation.Portal.Sessions;

/// <summary>The OpenID Connect issuer at which people sign in, as an operator writes it. Silos have to trust the same issuer.</summary>
public sealed record IssuerSignIn
{
    /// <summary>Its address, below which its description is (<c>/.well-known/openid-configuration</c>); https, unless it is on this machine. Default empty: people sign in with links and tokens alone.</summary>
    public string Authority { get; init; } = "";

    /// <summary>What people call it. Default empty: the name of its host.</summary>
    public string Name { get; init; } = "";

    /// <summary>As whom the portal is known there. Default <c>federation-portal</c>.</summary>
    public string ClientId { get; init; } = "federation-portal";

    /// <summary>A file that holds the portal's secret there. Default empty: a public client, whose codes PKCE protects.</summary>
    public string ClientSecretFile { get; init; } = "";

    /// <summary>What is asked for, with spaces between; <c>offline_access</c> has sessions outlast a token. Default <c>openid profile offline_access</c>.</summary>
    public string Scopes { get; init; } = "openid profile offline_access";

    /// <summary>The claim of its tokens that names roles. Default <c>roles</c>.</summary>
    public string RolesClaim { get; init; } = "roles";

    /// <summary>The claim that names tenants. Default <c>tenants</c>.</summary>
    public string TenantsClaim { get; init; } = "tenants";

    /// <summary>The claim that names sites. Default <c>sites</c>.</summary>
    public string SitesClaim { get; init; } = "sites";

    /// <summary>Whether there is one.</summary>
    public bool IsUsed => Authority.Length > 0;

    /// <summary>What the page calls it.</summary>
    public string Called => Name.Length > 0 ? Name : new Uri(Authority).Host;

    /// <summary>What is wrong with it, in a sentence without a full stop; null: nothing, or there is none.</summary>
    public string? Fault => !IsUsed ? null
        : !Uri.TryCreate(Authority, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") ? $"Authority is '{Authority}', which is no address such as https://login.example.org"
        : address.Scheme == "http" && !address.IsLoopback ? $"Authority is '{Authority}': an issuer elsewhere has to be reached by https"
        : ClientId.Length == 0 ? "ClientId is empty: it says as whom the issuer knows the portal"
        : !Scopes.Split(' ').Contains("openid") ? $"Scopes is '{Scopes}', which lacks openid"
        : null;
}
