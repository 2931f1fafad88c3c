using System.ComponentModel.DataAnnotations;
using Federation.Credentials;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Access;

/// <summary>Whose tokens the API takes, in the configuration section <c>Federation:Identity</c>.</summary>
public sealed class IdentityOptions
{
    /// <summary>Whether the token in the data folder's file <c>token</c> is taken, as a federation administrator's. Default true.</summary>
    public bool OperatorToken { get; set; } = true;

    /// <summary>Whether tokens of the built-in issuer are taken. Default true.</summary>
    public bool BuiltIn { get; set; } = true;

    /// <summary>The built-in issuer's signing key (PEM), or its public half alone. Default empty: <c>issuer.key</c> in the data folder, made if need be.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Issuers elsewhere (OpenID Connect). Default none.</summary>
    [ValidateEnumeratedItems]
    public IList<IssuerOptions> Issuers { get; init; } = [];
}

/// <summary>One OpenID Connect issuer.</summary>
public sealed class IssuerOptions
{
    /// <summary>Its address: what its tokens' <c>iss</c> says, and below which its description is (<c>/.well-known/openid-configuration</c>).</summary>
    [Required, Url]
    public string Authority { get; set; } = "";

    /// <summary>What its tokens' <c>aud</c> has to say. Default <c>federation</c>.</summary>
    [Required]
    public string Audience { get; set; } = TokenIssuer.Audience;

    /// <summary>The claim that names roles. Default <c>roles</c>.</summary>
    [Required]
    public string RolesClaim { get; set; } = ClaimName.Roles;

    /// <summary>The claim that names tenants. Default <c>tenants</c>.</summary>
    [Required]
    public string TenantsClaim { get; set; } = ClaimName.Tenants;

    /// <summary>The claim that names sites. Default <c>sites</c>.</summary>
    [Required]
    public string SitesClaim { get; set; } = ClaimName.Sites;

    /// <summary>Whether the issuer is on this machine, where plain http is good enough.</summary>
    internal bool IsLocal => Uri.TryCreate(Authority, UriKind.Absolute, out var uri) && uri.IsLoopback;
}

/// <summary>Checks the options by their attributes.</summary>
[OptionsValidator]
public sealed partial class IdentityOptionsValidator : IValidateOptions<IdentityOptions>;
