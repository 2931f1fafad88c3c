using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Federation.Domain.Access;
using Federation.Grains.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Federation.Silo.Access;

/// <summary>Tells whose a token is: the one place for the API and for grain calls.</summary>
/// <remarks>A signature is checked once; what is kept of a token is its hash. Whether it has expired, or was taken back, is looked at each time.</remarks>
internal sealed class CallerTokens(
    TokenIssuers issuers, RevokedTokens revoked, IGrainFactory grains, TimeProvider clock, OperatorToken? operatorToken = null) : ICallerTokens
{
    private const int MostKept = 10_000;
    private static readonly Caller Operator = new("operator", "the file token", [Role.FederationAdmin], [], []);

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };
    private readonly ConcurrentDictionary<string, Known> known = new(StringComparer.Ordinal);

    /// <summary>As <see cref="Verify"/>, and the operator's own token too, which is good at the API of its silo alone.</summary>
    public ValueTask<TokenVerdict> VerifyAtApi(string token) =>
        operatorToken?.Matches(token) == true ? ValueTask.FromResult(new TokenVerdict(Operator, null)) : Verify(token);

    /// <inheritdoc/>
    public async ValueTask<TokenVerdict> Verify(string token)
    {
        if (issuers.Of(token) is not { } issuer)
        {
            return await OfList(token);
        }

        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (!known.TryGetValue(hash, out var found))
        {
            var result = await handler.ValidateTokenAsync(token, issuer.Wanted);
            if (!result.IsValid)
            {
                return new(null, ReasonOf(result.Exception));
            }

            found = new(issuer.HolderOf(result.ClaimsIdentity), issuer.HasRevocations ? ((JsonWebToken)result.SecurityToken).Id : null, result.SecurityToken.ValidTo);
            Keep(hash, found);
        }

        return found.Ends + TokenIssuers.ClockSkew < clock.GetUtcNow().UtcDateTime ? new(null, "the token has expired")
            : found.Id is { Length: > 0 } id && await revoked.Has(id) ? new(null, "the token was revoked")
            : new(found.Holder, null);
    }

    private async ValueTask<TokenVerdict> OfList(string token)
    {
        CallOrigin.Current = CallOrigin.Service;
        return await SensorTokens.Find(token, grains) is { } sensor ? new(new(sensor.Name, "the list of sensors", [Role.Sensor], [], [], sensor), null)
            : await HostTokens.Find(token, grains) is { } host ? new(new($"agent of {host}", "the list of hosts", [Role.Host], [], [], Host: host), null)
            : await ClientTokens.Find(token, grains) is { } client ? new(new($"agent of client {client.Host}", "the networks of applications", [Role.Host], [], [], Host: client), null)
            : new(null, "nobody has this token");
    }

    // All are forgotten at once when they are too many: each is found good again by one signature.
    private void Keep(string hash, Known token)
    {
        if (known.Count >= MostKept)
        {
            known.Clear();
        }

        known[hash] = token;
    }

    // For its holder and for the audit log: without anything that the token says.
    private static string ReasonOf(Exception fault) => fault switch
    {
        SecurityTokenExpiredException => "the token has expired",
        SecurityTokenNotYetValidException => "the token is not good yet",
        SecurityTokenInvalidIssuerException => "the token is of an issuer that is not trusted here",
        SecurityTokenInvalidAudienceException => "the token is for another service",
        SecurityTokenException => "the token's signature is not its issuer's",
        _ => "nobody has this token",
    };

    private sealed record Known(Caller Holder, string? Id, DateTime Ends);
}
