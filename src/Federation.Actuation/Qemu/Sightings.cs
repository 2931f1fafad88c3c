using Federation.Domain.Guests;

namespace Federation.Actuation.Qemu;

/// <summary>Makes of what is written down of a VM and of what QEMU says what the VM does.</summary>
internal static class Sightings
{
    /// <summary>What the VM does.</summary>
    /// <param name="record">What is written down.</param>
    /// <param name="view">What QEMU says; null: nothing.</param>
    public static GuestSighting Of(GuestRecord record, MonitorView? view)
    {
        var state = view is null ? GuestState.Silent : StateOf(record, view);
        return new(record.Guest.Vm, state, Progress(record, view), Remark(record, view, state))
        {
            Hardware = record.Guest.Hardware,
            MemoryBytes = record.Guest.MemoryBytes,
            Taps = [.. record.Guest.Nics.Select((_, index) => QemuCommandLine.Tap(record.Guest.Vm, index))],
        };
    }

    /// <summary>Whether a transfer from here is under way.</summary>
    public static bool IsDeparting(GuestRecord record) => record.Departure is { Phase: DeparturePhase.Preparing or DeparturePhase.Copying };

    /// <summary>Whether a copy came here, or comes, and never ran.</summary>
    public static bool IsArriving(GuestRecord record) => record is { ReceivedBy: not null, HasRun: false };

    private static GuestState StateOf(GuestRecord record, MonitorView view) =>
        view.Runs ? GuestState.Running
        : IsArriving(record) ? Arriving(record, view)
        : record.Departure is { Phase: not DeparturePhase.Over } departure ? Departing(departure, view)
        : GuestState.Paused;

    private static GuestState Arriving(GuestRecord record, MonitorView view) =>
        (record.IsLive ? view.Migration.IsComplete && view.Status != "inmigrate" : view.IsWhole) ? GuestState.Received : GuestState.Receiving;

    private static GuestState Departing(Departure departure, MonitorView view) =>
        departure.Phase == DeparturePhase.Sent ? GuestState.Sent
        : departure.Terms.IsLive ? Leaving(departure, view.Migration)
        // Between its last instruction and the switch it stands still, too, and nothing was sent yet.
        : departure.WasToldToSwitch ? GuestState.Sending : departure.Phase == DeparturePhase.Copying ? GuestState.AtSwitch : GuestState.Paused;

    private static GuestState Leaving(Departure departure, MigrationView migration) =>
        migration.IsComplete ? GuestState.Sent
        : migration.IsAtSwitch ? departure.WasToldToSwitch ? GuestState.Sending : GuestState.AtSwitch
        : migration.IsAfterSwitch || migration.IsBeforeSwitch ? GuestState.Sending
        : GuestState.Paused;

    private static TransferProgress? Progress(GuestRecord record, MonitorView? view) =>
        record.Departure is { } departure ? ProgressOf(departure, view)
        : record.ReceivedBy is { } migration ? new(migration, MemoryBytes: record.IsLive ? record.Guest.MemoryBytes : 0)
        : null;

    private static TransferProgress ProgressOf(Departure departure, MonitorView? view)
    {
        // An older transfer's figures stay in QEMU until the next one begins.
        var memory = departure.Phase == DeparturePhase.Preparing || !departure.Terms.IsLive ? new("") : view?.Migration ?? new("");
        var copies = view?.Copies ?? [];
        return new(
            departure.Migration,
            MemoryBytes: memory.Bytes,
            MemorySentBytes: memory.Sent,
            MemoryLeftBytes: memory.Left,
            DiskBytes: copies.IsEmpty ? departure.DiskBytes : copies.Sum(copy => copy.Bytes),
            DiskSentBytes: copies.IsEmpty ? departure.DiskBytes : copies.Sum(copy => copy.Sent),
            DirtyBytesPerSecond: memory.Rounds < 2 ? null : memory.DirtyBytesPerSecond,
            Rounds: memory.Rounds,
            ElapsedSeconds: departure.Seconds ?? memory.Milliseconds / 1000,
            ExpectedDowntimeSeconds: Seconds(memory.ExpectedDowntimeMilliseconds),
            DowntimeSeconds: departure.DowntimeSeconds ?? (memory.IsComplete ? Seconds(memory.DowntimeMilliseconds) : null),
            Fault: departure.Fault);
    }

    private static double? Seconds(double milliseconds) => milliseconds > 0 ? milliseconds / 1000 : null;

    private static string? Remark(GuestRecord record, MonitorView? view, GuestState state) => state switch
    {
        GuestState.Silent => "QEMU does not answer: it may do anything",
        GuestState.Paused => view!.Status switch
        {
            "io-error" => "a disk failed or is full",
            "shutdown" => "it switched itself off",
            "guest-panicked" => "its system reported that it cannot go on",
            var other => $"QEMU says '{other}'",
        },
        _ => record.Departure is { Phase: not DeparturePhase.Over } departure ? departure.Remark : null,
    };
}
