using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Federation.Domain.Access;

namespace Federation.Credentials;

/// <summary>The built-in issuer: signs JSON web tokens (RFC 7519, ES256) with a key that is a file.</summary>
/// <param name="key">On the curve P-256; stays the caller's.</param>
public sealed class TokenIssuer(ECDsa key)
{
    /// <summary>What <c>iss</c> says.</summary>
    public const string Name = "federation";

    /// <summary>What <c>aud</c> says.</summary>
    public const string Audience = "federation";

    /// <summary>How long a token may be good for at most.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(366);

    /// <summary>Reads the signing key; makes one if there is no such file.</summary>
    /// <exception cref="InvalidDataException">The file is there and holds no such key.</exception>
    public static ECDsa ReadOrMakeKey(string path) => Parse(path, SecretFile.ReadOrMake(path, NewKey));

    /// <summary>Reads the signing key.</summary>
    /// <exception cref="IOException">The file is not there, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is there and holds no such key.</exception>
    public static ECDsa ReadKey(string path) => Parse(path, File.ReadAllText(path));

    /// <summary>A token for somebody, good from now on for a while.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is not more than zero, or longer than <see cref="LongestLifetime"/>.</exception>
    public string Issue(Caller holder, DateTimeOffset now, TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, LongestLifetime);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Name,
            ["aud"] = Audience,
            ["sub"] = holder.Name,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString("N"),
            [ClaimName.Roles] = holder.Roles.Select(RoleName.Of),
            [ClaimName.Tenants] = holder.Tenants.Select(tenant => tenant.Value),
            [ClaimName.Sites] = holder.Sites.Select(site => site.Value),
        };
        if (holder.Sensor is { } sensor)
        {
            claims[ClaimName.Sensor] = sensor.Name;
            claims[ClaimName.SensorSite] = sensor.Place.Site.Value;
            claims[ClaimName.SensorHost] = sensor.Place.Host;
        }

        if (holder.Host is { } host)
        {
            claims[ClaimName.Host] = host.Host;
            claims[ClaimName.HostSite] = host.Site.Value;
        }

        var signed = $"{Part(new { alg = "ES256", typ = "JWT" })}.{Part(claims.Where(claim => claim.Value is not null).ToDictionary())}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static string Part(object content) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(content));

    private static string NewKey()
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return made.ExportPkcs8PrivateKeyPem();
    }

    private static ECDsa Parse(string path, string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new InvalidDataException($"{path} holds no key (PEM, curve P-256): delete it, and a new one is made; all tokens end with the old one", fault);
        }

        return key.KeySize == 256 ? key : throw new InvalidDataException($"{path} holds a key that is not of the curve P-256: delete it, and a new one is made");
    }
}

/// <summary>The claims of a token that say what its holder may do; an issuer elsewhere may call them otherwise, see the service's settings.</summary>
public static class ClaimName
{
    /// <summary>The names of roles, one or a list.</summary>
    public const string Roles = "roles";

    /// <summary>The tenants that the holder acts for, one or a list.</summary>
    public const string Tenants = "tenants";

    /// <summary>The sites that are the holder's, one or a list.</summary>
    public const string Sites = "sites";

    /// <summary>Which sensor the holder is.</summary>
    public const string Sensor = "sensor";

    /// <summary>The site of the sensor's host.</summary>
    public const string SensorSite = "sensor_site";

    /// <summary>The sensor's host; left out: the site tells none.</summary>
    public const string SensorHost = "sensor_host";

    /// <summary>The host whose agent the holder is.</summary>
    public const string Host = "host";

    /// <summary>That host's site.</summary>
    public const string HostSite = "host_site";
}
