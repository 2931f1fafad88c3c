using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Credentials;
using Federation.Domain.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Access;

/// <summary>Tokens that the service itself knows: the operator's, and those of sensors.</summary>
internal sealed class OwnTokens(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IGrainFactory grains, OperatorToken? operatorToken = null)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "own";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (BearerToken.Of(Request) is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        if (operatorToken?.Matches(token) == true)
        {
            return Known("operator", "the file token", Role.FederationAdmin);
        }

        CallerContext.Current = Caller.Service;
        return await SensorTokens.Find(token, grains) is { } sensor
            ? Known(sensor.Name, "the list of sensors", Role.Sensor, ClaimsOf(sensor))
            : AuthenticateResult.Fail("nobody has this token");
    }

    private static AuthenticateResult Known(string name, string issuer, Role role, params IEnumerable<Claim> more)
    {
        var identity = new ClaimsIdentity([new("sub", name), new("iss", issuer), new(ClaimName.Roles, RoleName.Of(role)), .. more], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    private static IEnumerable<Claim> ClaimsOf(SensorPost sensor)
    {
        yield return new(ClaimName.Sensor, sensor.Name);
        yield return new(ClaimName.SensorSite, sensor.Place.Site.Value);
        if (sensor.Place.Host is { } host)
        {
            yield return new(ClaimName.SensorHost, host);
        }
    }
}

/// <summary>The secret of the embedded default's operator, who administrates the federation. Made at the first start.</summary>
public sealed class OperatorToken
{
    private readonly byte[] hash;

    private OperatorToken(string token) => hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Reads the token from its file, or makes both.</summary>
    /// <exception cref="InvalidDataException">The file is there and holds no token.</exception>
    public static OperatorToken Load(string file)
    {
        var token = SecretFile.ReadOrMake(file, () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        return token.Length >= 16
            ? new(token)
            : throw new InvalidDataException($"{file} holds no token of at least 16 characters: delete it, and a new one is made");
    }

    /// <summary>Whether this is the token; takes the same time wherever it differs.</summary>
    public bool Matches(string token) => CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

/// <summary>The tokens that the service gives to sensors: it keeps a hash of each, and a token ends when its sensor gets another one or is removed.</summary>
public static class SensorTokens
{
    private const string Prefix = "sensor.";

    /// <summary>A new token of a sensor, and the hash to keep of it.</summary>
    public static (string Token, string Hash) New(string sensor)
    {
        var name = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(sensor));
        var token = $"{Prefix}{name}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        return (token, HashOf(token));
    }

    /// <summary>Whose token it is; null if it is no sensor's.</summary>
    public static async Task<SensorPost?> Find(string token, IGrainFactory grains)
    {
        if (NameIn(token) is not { } sensor || await grains.Sensors().Find(sensor) is not { } record)
        {
            return null;
        }

        var matches = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(record.TokenHash), Encoding.ASCII.GetBytes(HashOf(token)));
        return matches ? new SensorPost(record.Sensor, record.Place) : null;
    }

    private static string? NameIn(string token)
    {
        var end = token.LastIndexOf('.');
        if (!token.StartsWith(Prefix, StringComparison.Ordinal) || end <= Prefix.Length || !Base64Url.IsValid(token.AsSpan(Prefix.Length, end - Prefix.Length)))
        {
            return null;
        }

        return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.AsSpan(Prefix.Length, end - Prefix.Length)));
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
