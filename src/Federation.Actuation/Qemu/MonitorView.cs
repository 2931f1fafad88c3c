using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Federation.Actuation.Qemu;

/// <summary>What QEMU says of a VM at one moment.</summary>
/// <param name="Status">Of the VM, as QEMU names it.</param>
/// <param name="Migration">Of its newest transfer.</param>
/// <param name="Copies">The copying of its disks.</param>
/// <param name="IsWhole">Destination of a cold move: whether all is here.</param>
internal sealed record MonitorView(string Status, MigrationView Migration, ImmutableArray<CopyView> Copies, bool IsWhole = false)
{
    /// <summary>Whether the VM's program runs.</summary>
    public bool Runs => Status == "running";
}

/// <summary>What QEMU says of the newest transfer of a VM's memory.</summary>
/// <param name="Status">As QEMU names it; empty: there was none.</param>
internal sealed record MigrationView(string Status)
{
    /// <summary>Why it failed; null: it did not, or QEMU does not say.</summary>
    public string? Fault { get; init; }

    /// <summary>The memory to be sent, bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Sent, bytes.</summary>
    public long Sent { get; init; }

    /// <summary>Left in this round, bytes.</summary>
    public long Left { get; init; }

    /// <summary>How often the marks of written pages were collected, which begins a round.</summary>
    public int Rounds { get; init; }

    /// <summary>How fast memory is rewritten, bytes a second.</summary>
    public double DirtyBytesPerSecond { get; init; }

    /// <summary>How long it takes or took, ms.</summary>
    public double Milliseconds { get; init; }

    /// <summary>How long the VM would stand still, ms; 0: not known.</summary>
    public double ExpectedDowntimeMilliseconds { get; init; }

    /// <summary>How long the VM stood still, ms; 0: not known.</summary>
    public double DowntimeMilliseconds { get; init; }

    /// <summary>Whether it is under way and has not reached its switch.</summary>
    public bool IsBeforeSwitch => Status is "setup" or "active" or "wait-unplug";

    /// <summary>Whether it waits at its switch.</summary>
    public bool IsAtSwitch => Status == "pre-switchover";

    /// <summary>Whether the rest is being sent.</summary>
    public bool IsAfterSwitch => Status == "device";

    /// <summary>Whether all is at the destination, which has said so.</summary>
    public bool IsComplete => Status == "completed";

    /// <summary>Whether it came to nothing.</summary>
    public bool CameToNothing => Status is "" or "none" or "failed" or "cancelled";

    /// <summary>Reads the answer to <c>query-migrate</c>.</summary>
    public static MigrationView Read(JsonNode answer)
    {
        var ram = answer["ram"];
        return new((string?)answer["status"] ?? "")
        {
            Fault = (string?)answer["error-desc"],
            Bytes = Long(ram, "total"),
            Sent = Long(ram, "transferred"),
            Left = Long(ram, "remaining"),
            Rounds = (int)Long(ram, "dirty-sync-count"),
            DirtyBytesPerSecond = (double)Long(ram, "dirty-pages-rate") * Long(ram, "page-size"),
            Milliseconds = Long(answer, "total-time"),
            ExpectedDowntimeMilliseconds = Long(answer, "expected-downtime"),
            DowntimeMilliseconds = Long(answer, "downtime"),
        };
    }

    private static long Long(JsonNode? node, string key) => (long?)node?[key] ?? 0;
}

/// <summary>What QEMU says of the copying of one disk.</summary>
/// <param name="Job">Its job.</param>
/// <param name="Bytes">To be sent, bytes.</param>
/// <param name="Sent">Sent, bytes.</param>
/// <param name="IsReady">Whether the two are alike, and are kept alike.</param>
internal sealed record CopyView(string Job, long Bytes, long Sent, bool IsReady)
{
    /// <summary>Reads the answer to <c>query-block-jobs</c>.</summary>
    public static ImmutableArray<CopyView> Read(JsonNode answer) =>
        [.. answer.AsArray().Select(job => new CopyView((string)job!["device"]!, (long)job["len"]!, (long)job["offset"]!, (bool)job["ready"]!))];
}
