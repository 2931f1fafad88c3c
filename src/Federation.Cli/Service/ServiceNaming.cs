namespace Federation.Cli.Service;

/// <summary>What a command line says of the service to talk to; null where it says nothing.</summary>
/// <param name="Context">The context that is meant.</param>
/// <param name="Server">The address.</param>
/// <param name="TokenFile">A file that holds the token.</param>
/// <param name="Authority">The authority's certificate.</param>
/// <param name="Certificate">What is shown to the service.</param>
/// <param name="Key">Its key.</param>
internal sealed record ServiceNaming(
    string? Context = null, string? Server = null, string? TokenFile = null, string? Authority = null, string? Certificate = null, string? Key = null);
