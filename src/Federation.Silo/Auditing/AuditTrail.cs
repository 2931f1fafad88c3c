using Federation.Domain;
using Federation.Domain.Audit;

namespace Federation.Silo.Auditing;

/// <summary>Writes into the audit log what requests, and the service by itself, did or were refused.</summary>
internal sealed class AuditTrail(IAuditLog log, TimeProvider clock)
{
    // Shorter than any token that the service or an issuer makes; one that an operator wrote into the file himself may be as short.
    private const int LongestName = 63;

    /// <summary>Notes what became of a request.</summary>
    public Task Note(HttpContext context, string who, AuditOutcome outcome, string detail)
    {
        var action = context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? context.Request.Method;
        return Note($"{who} from {context.Connection.RemoteIpAddress}", action, TargetOf(context.Request), outcome, detail);
    }

    /// <summary>Notes what somebody did who is no request.</summary>
    public Task Note(string who, string action, string target, AuditOutcome outcome, string detail) =>
        log.Append(new(clock.GetUtcNow(), who, action, target, outcome, Limits.Text.Kept(detail)), CancellationToken.None);

    // An address may hold a token by mistake: of a query only the names of its parameters are noted, and nothing that is longer than a name.
    private static string TargetOf(HttpRequest request)
    {
        var path = string.Join('/', $"{request.Path}".Split('/').Select(Shown));
        return request.Query.Count == 0 ? path : $"{path}?{string.Join('&', request.Query.Keys.Order(StringComparer.Ordinal).Select(Shown))}";
    }

    private static string Shown(string part) => part.Length <= LongestName ? part : $"({part.Length} characters)";
}
