using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Federation.Contracts;
using Federation.Credentials;
using Federation.Domain.Access;

namespace Federation.Silo.Access;

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

/// <summary>The header <c>Authorization: Bearer TOKEN</c>.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>The token that a request carries; null: none.</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && header[Scheme.Length..].Trim() is { Length: > 0 } token
            ? token
            : null;
}
