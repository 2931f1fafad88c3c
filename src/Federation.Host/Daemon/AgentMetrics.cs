using System.Globalization;
using System.Text;
using Federation.Domain.Guests;

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

        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, string kind, string help, long value) => text.Append(
        CultureInfo.InvariantCulture, $"# HELP federation_host_{name} {help}\n# TYPE federation_host_{name} {kind}\nfederation_host_{name} {value}\n");
}
