using System.Globalization;
using System.Text;
using System.Text.Json;
using Federation.Domain.Guests;
using Federation.Domain.Networks;

namespace Federation.Host.Daemon;

/// <summary>How a host's agent is doing, as metrics.</summary>
internal static class AgentMetrics
{
    /// <summary>What a look at it gave, in Prometheus' text form.</summary>
    public static string Of(AgentState state)
    {
        var text = new StringBuilder();
        Add(text, "reports_total", "counter", "Reports made.", state.Reports);
        Add(text, "orders_total", "counter", "Orders that came.", state.Orders);
        Add(text, "answers_waiting", "gauge", "Answers that the service has not taken.", state.Answers);
        Add(text, "service_failing", "gauge", "Whether the service is not told, or does not say what to do.", state.Failure is null ? 0 : 1);
        AddEach<GuestState>(text, "vms", "Copies of VMs that are here, by what they do.", "state", Lower, kind => state.Guests.Count(guest => guest.State == kind));
        AddPaths(text, state);
        return text.ToString();
    }

    // Told by kind and not by host: of hosts there may be thousands, of relays there are a few.
    private static void AddPaths(StringBuilder text, AgentState state)
    {
        AddEach<PathKind>(text, "paths", "Hosts of other sites with which frames are encrypted, by how they go.", "path", Lower, kind => state.Paths.Count(path => path.Kind == kind));
        AddEach<PathReason>(
            text, "paths_by_reason", "The same by why.", "why", why => JsonNamingPolicy.SnakeCaseLower.ConvertName(why.ToString()), why => state.Paths.Count(path => path.Why == why));
        AddEach<PathKind>(
            text, "path_bytes_per_second", "Encrypted traffic of both directions in the last window, by how it goes.", "path", Lower,
            kind => state.Paths.Where(path => path.Kind == kind).Sum(path => path.BytesPerSecond ?? 0));
        Add(text, "path_changes_total", "counter", "Changes of paths.", state.PathChanges);
        Add(text, "relays_heard", "gauge", "Relays that are heard.", state.RelaysHeard.Length);
        if (state.Relayed is { } relayed)
        {
            Add(text, "relayed_hosts", "gauge", "Hosts between which this relay passes on.", relayed);
        }
    }

    private static void Add(StringBuilder text, string name, string kind, string help, long value) => text.Append(
        CultureInfo.InvariantCulture, $"# HELP federation_host_{name} {help}\n# TYPE federation_host_{name} {kind}\nfederation_host_{name} {value}\n");

    private static void AddEach<T>(StringBuilder text, string name, string help, string label, Func<T, string> nameOf, Func<T, double> valueOf)
        where T : struct, Enum
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP federation_host_{name} {help}\n# TYPE federation_host_{name} gauge\n");
        foreach (var kind in Enum.GetValues<T>())
        {
            text.Append(CultureInfo.InvariantCulture, $"federation_host_{name}{{{label}=\"{nameOf(kind)}\"}} {valueOf(kind):0.#}\n");
        }
    }

    private static string Lower<T>(T kind)
        where T : struct, Enum => kind.ToString().ToLowerInvariant();
}
