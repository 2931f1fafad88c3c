using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Federation.Contracts;
using Federation.Domain.Applications;

namespace Federation.Silo.Hosting;

/// <summary>A sensor that has shown its token: it may report the VMs on its host and ask which those are.</summary>
/// <param name="Sensor">Its name.</param>
/// <param name="Place">Its host.</param>
public sealed record SensorIdentity(string Sensor, HostPlace Place)
{
    private const string Prefix = "sensor.";

    /// <summary>Whether a request is one of those that a sensor may make.</summary>
    public static bool MayDo(HttpRequest request) =>
        (HttpMethods.IsPost(request.Method) && request.Path == "/v1/windows")
        || (HttpMethods.IsGet(request.Method) && request.Path == "/v1/sensors/self/vms");

    /// <summary>A new token of a sensor, and the hash to keep of it.</summary>
    public static (string Token, string Hash) NewToken(string sensor)
    {
        var name = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(sensor));
        var token = $"{Prefix}{name}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        return (token, HashOf(token));
    }

    /// <summary>Whose token an Authorization header carries; null if it is no sensor's.</summary>
    public static async Task<SensorIdentity?> Find(string? authorization, IGrainFactory grains)
    {
        const string scheme = "Bearer ";
        if (authorization?.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) != true
            || authorization[scheme.Length..].Trim() is not { } token
            || NameIn(token) is not { } sensor
            || await grains.Sensors().Find(sensor) is not { } record)
        {
            return null;
        }

        var matches = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(record.TokenHash), Encoding.ASCII.GetBytes(HashOf(token)));
        return matches ? new SensorIdentity(record.Sensor, record.Place) : null;
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
