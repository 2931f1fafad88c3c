using System.Text.Json;
using Federation.Api;
using Federation.Domain.Json;
using Federation.Silo.Tests.Making;

namespace Federation.Silo.Tests.Tls;

/// <summary>What the audit log says of connections.</summary>
internal static class Connecting
{
    /// <summary>Those that were refused, as <c>door: reason</c>, each once: a client may try more than once.</summary>
    /// <remarks>They are written from a queue: asked for until there are as many as wanted.</remarks>
    public static async Task<string[]> Refusals(RunningService service, int wanted)
    {
        while (true)
        {
            var refused = (await service.Read("/v1/audit")).Deserialize<AuditDocument[]>(DomainJson.Options)!
                .Where(entry => entry.Action == "Connect").Select(entry => $"{entry.Target}: {entry.Detail}").Distinct().ToArray();
            if (refused.Length >= wanted)
            {
                return refused;
            }
        }
    }
}
