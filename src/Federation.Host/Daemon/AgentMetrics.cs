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
        text.Append("# HELP federation_host_vms Copies of VMs that are here, by what they do.\n# TYPE federation_host_vms gauge\n");
        foreach (var kind in Enum.GetValues<GuestState>())
        {
            text.Append(CultureInfo.InvariantCulture, $"federation_host_vms{{state=\"{kind.ToString().ToLowerInvariant()}\"}} {state.Guests.Count(guest => guest.State == kind)}\n");
        }

        AddPaths(text, state);
        return text.ToString();
    }

    // Told by kind and not by host: of hosts there may be thousands, of relays there are a few.
    private static void AddPaths(StringBuilder text, AgentState state)
    {
        text.Append("# HELP federation_host_paths Hosts of other sites with which frames are encrypted, by how they go.\n# TYPE federation_host_paths gauge\n");
        foreach (var kind in Enum.GetValues<PathKind>())
        {
            text.Append(CultureInfo.InvariantCulture, $"federation_host_paths{{path=\"{kind.ToString().ToLowerInvariant()}\"}} {state.Paths.Count(path => path.Kind == kind)}\n");
        }

        text.Append("# HELP federation_host_paths_by_reason The same by why.\n# TYPE federation_host_paths_by_reason gauge\n");
        foreach (var reason in Enum.GetValues<PathReason>())
        {
            text.Append(CultureInfo.InvariantCulture, $"federation_host_paths_by_reason{{why=\"{JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString())}\"}} {state.Paths.Count(path => path.Why == reason)}\n");
        }

        text.Append("# HELP federation_host_path_bytes_per_second Encrypted traffic of both directions in the last window, by how it goes.\n# TYPE federation_host_path_bytes_per_second gauge\n");
        foreach (var kind in Enum.GetValues<PathKind>())
        {
            text.Append(CultureInfo.InvariantCulture, $"federation_host_path_bytes_per_second{{path=\"{kind.ToString().ToLowerInvariant()}\"}} {state.Paths.Where(path => path.Kind == kind).Sum(path => path.BytesPerSecond ?? 0):0.#}\n");
        }

        Add(text, "path_changes_total", "counter", "Changes of paths.", state.PathChanges);
        Add(text, "relays_heard", "gauge", "Relays that are heard.", state.RelaysHeard.Length);
        if (state.Relayed is { } relayed)
        {
            Add(text, "relayed_hosts", "gauge", "Hosts between which this relay passes on.", relayed);
        }
    }

    private static void Add(StringBuilder text, string name, string kind, string help, long value) => text.Append(
        CultureInfo.InvariantCulture, $"# HELP federation_host_{name} {help}\n# TYPE federation_host_{name} {kind}\nfederation_host_{name} {value}\n");
}
