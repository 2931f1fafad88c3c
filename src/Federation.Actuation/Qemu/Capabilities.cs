using System.Text.Json.Nodes;
using Federation.Domain.Guests;

namespace Federation.Actuation.Qemu;

/// <summary>What both ends of a transfer agree on.</summary>
internal static class Capabilities
{
    /// <summary>Sets them.</summary>
    /// <remarks>The switch is held; the destination tells the source that it has all, without which "completed" means only "sent".</remarks>
    /// <exception cref="QmpException">QEMU cannot.</exception>
    public static Task Set(QemuMonitor monitor, TransferTerms terms, CancellationToken cancel) => monitor.Do("migrate-set-capabilities", new()
    {
        ["capabilities"] = new JsonArray(
            Capability("events", true),
            Capability("return-path", true),
            Capability("pause-before-switchover", true),
            Capability("auto-converge", terms.AutoConverge)),
    }, cancel);

    private static JsonObject Capability(string name, bool isOn) => new() { ["capability"] = name, ["state"] = isOn };
}
