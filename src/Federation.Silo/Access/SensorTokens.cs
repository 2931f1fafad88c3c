using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Federation.Contracts;
using Federation.Domain.Access;

namespace Federation.Silo.Access;

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
