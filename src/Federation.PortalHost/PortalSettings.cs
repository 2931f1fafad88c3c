using Federation.Client;
using Federation.Portal.Sessions;

namespace Federation.PortalHost;

/// <summary>The section <c>Portal</c> of the settings, as an operator writes it.</summary>
public sealed record PortalSettings
{
    /// <summary>Gateways of silos, <c>HOST:PORT</c> each, with commas between them; at least one.</summary>
    public string Gateways { get; init; } = "";

    /// <summary>The authority's certificate (PEM). Default: none, then nothing is encrypted.</summary>
    public string? Authority { get; init; }

    /// <summary>The portal's own certificate (PEM), of the role portal. Default: none.</summary>
    public string? Certificate { get; init; }

    /// <summary>Its key (PEM). Default: none.</summary>
    public string? Key { get; init; }

    /// <summary>The issuer at which people sign in. Default: none.</summary>
    public IssuerSignIn SignIn { get; init; } = new();

    /// <summary>As the client takes them.</summary>
    public FederationClientOptions ToOptions() => new()
    {
        Gateways = Gateways.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Authority = Authority, Certificate = Certificate, Key = Key,
    };
}
