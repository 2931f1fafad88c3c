namespace Federation.Client;

/// <summary>How a program reaches the silos of a federation.</summary>
/// <remarks>The three files of certificates, or none of them: then nothing is encrypted, which only a service on the same machine should allow.</remarks>
public sealed record FederationClientOptions
{
    /// <summary>Gateways of silos, <c>HOST:PORT</c> each (setting <c>GatewayPort</c> of a silo); at least one. Where one is away the others are used.</summary>
    public required IReadOnlyList<string> Gateways { get; init; }

    /// <summary>The authority's certificate (PEM): only silos with a certificate that it signed are talked to. Default: none.</summary>
    public string? Authority { get; init; }

    /// <summary>The program's own certificate (PEM), of the role portal or client. Default: none.</summary>
    public string? Certificate { get; init; }

    /// <summary>Its key (PEM). Default: none.</summary>
    public string? Key { get; init; }

    /// <summary>How long a call may take until it is given up. Default 30 s.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
