using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Federation.Credentials;
using Federation.Domain.Access;

namespace Federation.Silo.Tests.Making;

/// <summary>Tokens of a service's built-in issuer, for everybody who could come.</summary>
internal static class Tokens
{
    /// <summary>One for each role, and two whose objects are not theirs; by name.</summary>
    public static readonly Dictionary<string, Caller> Holders = new()
    {
        ["tenant"] = Of("alice", Role.Tenant) with { Tenants = [new("astro")] },
        ["other tenant"] = Of("eve", Role.Tenant) with { Tenants = [new("bio")] },
        ["site-admin"] = Of("bob", Role.SiteAdmin) with { Sites = [new("cheap"), new("dear")] },
        ["other site-admin"] = Of("mallory", Role.SiteAdmin) with { Sites = [new("elsewhere")] },
        ["federation-admin"] = Of("carol", Role.FederationAdmin),
        ["auditor"] = Of("trent", Role.Auditor),
        ["sensor"] = Of("host-1", Role.Sensor) with { Sensor = new("host-1", new(new("cheap"), "h1")) },
        ["host"] = Of("agent-1", Role.Host) with { Host = new(new("cheap"), "h1") },
        ["other host"] = Of("agent-2", Role.Host) with { Host = new(new("cheap"), "h2") },
        ["nothing"] = Of("nobody"),
    };

    public static string TokenOf(this RunningService service, Caller holder, DateTimeOffset? at = null)
    {
        using var key = TokenIssuer.ReadKey(Path.Combine(service.Folder, "issuer.key"));
        return new TokenIssuer(key).Issue(holder, at ?? TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(1));
    }

    public static string TokenOf(this RunningService service, string holder) => service.TokenOf(Holders[holder]);

    /// <summary>A token as the built-in issuer would make it, signed with another key.</summary>
    public static string Forged(Caller holder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new TokenIssuer(key).Issue(holder, TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(1));
    }

    /// <summary>Sends a request with a token, or with none.</summary>
    public static async Task<HttpResponseMessage> Send(this RunningService service, string? token, string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await service.Stranger.SendAsync(request);
    }

    private static Caller Of(string name, params Role[] roles) => new(name, TokenIssuer.Name, [.. roles], [], []);
}
