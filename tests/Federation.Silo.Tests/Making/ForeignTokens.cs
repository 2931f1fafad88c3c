using Federation.Credentials;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Federation.Silo.Tests.Making;

/// <summary>Tokens that the built-in issuer never makes, signed with its key all the same.</summary>
internal static class ForeignTokens
{
    public static string OfAnotherIssuer(RunningService service) => Make(service, "https://login.example", TokenIssuer.Audience);

    public static string ForAnotherService(RunningService service) => Make(service, TokenIssuer.Name, "another");

    private static string Make(RunningService service, string issuer, string audience)
    {
        using var key = TokenIssuer.ReadKey(Path.Combine(service.Folder, "issuer.key"));
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Claims = new Dictionary<string, object> { ["sub"] = "carol", [ClaimName.Roles] = "federation-admin" },
            SigningCredentials = new(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256) { CryptoProviderFactory = new() { CacheSignatureProviders = false } },
        });
    }
}
