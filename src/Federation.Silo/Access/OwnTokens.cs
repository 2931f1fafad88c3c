using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Federation.Contracts;
using Federation.Credentials;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Domain.Networks;

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
    private const string Kind = "sensor";

    /// <summary>A new token of a sensor, and the hash to keep of it.</summary>
    public static (string Token, string Hash) New(string sensor) => NamedToken.New(Kind, sensor);

    /// <summary>Whose token it is; null if it is no sensor's.</summary>
    public static async Task<SensorPost?> Find(string token, IGrainFactory grains) =>
        NamedToken.NameIn(token, Kind) is { } sensor && await grains.Sensors().Find(sensor) is { } record && NamedToken.Matches(token, record.TokenHash)
            ? new SensorPost(record.Sensor, record.Place)
            : null;
}

/// <summary>The tokens that the service gives to hosts' agents; as those of sensors.</summary>
public static class HostTokens
{
    private const string Kind = "host";

    /// <summary>A new token of a host's agent, and the hash to keep of it.</summary>
    public static (string Token, string Hash) New(HostPost host) => NamedToken.New(Kind, GrainKeys.HostKey(host.Place));

    /// <summary>The host whose agent's token it is; null if it is no agent's.</summary>
    public static async Task<HostPost?> Find(string token, IGrainFactory grains) =>
        NamedToken.NameIn(token, Kind) is { } key && GrainKeys.TryParseHost(key) is { } host
        && await grains.Agents().Find(host) is { } record && NamedToken.Matches(token, record.TokenHash)
            ? record.Host
            : null;
}

/// <summary>The tokens that the service gives to clients of networks; as those of sensors.</summary>
public static class ClientTokens
{
    private const string Kind = "client";

    /// <summary>A new token of a client's agent, and the hash to keep of it.</summary>
    public static (string Token, string Hash) New(AppId application, string client) => NamedToken.New(Kind, new VmRef(application, new(client)).Key);

    /// <summary>The client whose agent's token it is; null if it is no client's.</summary>
    public static async Task<HostPost?> Find(string token, IGrainFactory grains) =>
        NamedToken.NameIn(token, Kind) is { } key && VmRef.TryParse(key, out var client) && client.Application.IsWhole && client.Key == key
        && await grains.Segment(client.Application).Client(client.Vm.Value) is { } record && NamedToken.Matches(token, record.TokenHash)
            ? new HostPost(SegmentClients.Site, SegmentClients.IdOf(client.Application, client.Vm.Value).Host)
            : null;
}

/// <summary>A token that begins with its kind and its holder's name, so that the hash to compare it with is found.</summary>
internal static class NamedToken
{
    /// <summary>A new one, and the hash to keep of it.</summary>
    public static (string Token, string Hash) New(string kind, string name)
    {
        var token = $"{kind}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name))}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        return (token, HashOf(token));
    }

    /// <summary>The name in a token of a kind; null if it is none of the kind.</summary>
    public static string? NameIn(string token, string kind)
    {
        var (begin, end) = (kind.Length + 1, token.LastIndexOf('.'));
        if (!token.StartsWith($"{kind}.", StringComparison.Ordinal) || end <= begin || !Base64Url.IsValid(token.AsSpan(begin, end - begin)))
        {
            return null;
        }

        return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.AsSpan(begin, end - begin)));
    }

    /// <summary>Whether a hash is this token's; takes the same time wherever it differs.</summary>
    public static bool Matches(string token, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(HashOf(token)));

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
