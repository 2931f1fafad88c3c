using Federation.Domain.Guests;

namespace Federation.Actuation.Simulated;

/// <summary>What becomes of a simulated VM by the mere passing of time, and by the loss of one of its copies.</summary>
internal static class SimulatedPassing
{
    /// <summary>The VM as it is at a time. Asked again for a later time, it gives what it would have given at once.</summary>
    public static SimulatedGuest Until(DateTimeOffset now, SimulatedGuest guest, SimulatedDriverOptions options)
    {
        foreach (var source in guest.Copies.Where(copy => copy.Sends is not null))
        {
            guest = Advance(guest, source, source.Sends!, now, options);
        }

        // A destination whose source is gone or sends no more will never be whole.
        foreach (var lost in guest.Copies.Where(copy => copy is { State: GuestState.Receiving, Takes.From: not null } && !IsFed(guest, copy)))
        {
            guest = guest.Without(lost.Host);
        }

        return guest;
    }

    /// <summary>How a VM is copied from a host.</summary>
    public static SimulatedCopying Copying(SimulatedCopy source, Outgoing sends, SimulatedDriverOptions options) => new(
        sends.Terms.IsLive ? source.Spec.MemoryBytes : 0,
        source.Spec.Disks.Sum(disk => disk.SizeBytes),
        Math.Min(options.BytesPerSecond, sends.Terms.BytesPerSecond ?? long.MaxValue),
        options.DirtyBytesPerSecond,
        sends.Terms);

    /// <summary>How far a transfer is.</summary>
    public static TransferProgress Progress(SimulatedCopy source, Outgoing sends, DateTimeOffset now, SimulatedDriverOptions options)
    {
        // A VM that runs is copied from the beginning until its switch; one that is stopped, from its switch.
        var from = sends.Terms.IsLive ? sends.Began : sends.Switched ?? now;
        var until = sends.Terms.IsLive && sends.Stopped is { } stopped && stopped < now ? stopped : now;
        return Copying(source, sends, options).At(sends.Migration, (until - from).TotalSeconds);
    }

    private static SimulatedGuest Advance(SimulatedGuest guest, SimulatedCopy source, Outgoing sends, DateTimeOffset now, SimulatedDriverOptions options)
    {
        var copying = Copying(source, sends, options);
        var hasDestination = guest.At(sends.To) is { State: GuestState.Receiving, Takes: { } takes } && takes.Migration == sends.Migration;
        switch (source.State)
        {
            case GuestState.Running when !hasDestination:
            case GuestState.Sending when !hasDestination:
                return guest.With(Back(source, sends, now, options, $"its destination {sends.To} is gone"));

            case GuestState.Running when sends.Terms.DurationSeconds is { } most && !(copying.ReadySeconds <= most) && (now - sends.Began).TotalSeconds >= most:
                return guest.With(Back(source, sends, now, options, FormattableString.Invariant($"not at its switch after {most} s, the longest that it may take")));

            case GuestState.Running when copying.ReadySeconds is { } ready && (now - sends.Began).TotalSeconds >= ready:
                return guest.With(source with { State = GuestState.AtSwitch, Sends = sends with { Stopped = sends.Began.AddSeconds(ready) } });

            case GuestState.Sending when (now - sends.Switched!.Value).TotalSeconds >= RestSeconds(copying, sends):
                var destination = guest.At(sends.To)!;
                var whole = Progress(source, sends, now, options) with { MemoryLeftBytes = 0, DiskSentBytes = copying.DiskBytes };
                return guest.With(source with { State = GuestState.Sent, Last = whole }).With(destination with
                {
                    State = GuestState.Received, Last = whole, Takes = destination.Takes! with { Stopped = sends.Stopped },
                });

            default:
                return guest;
        }
    }

    /// <summary>The source, running again.</summary>
    /// <param name="source">The source.</param>
    /// <param name="sends">The transfer that is over.</param>
    /// <param name="now">When it is.</param>
    /// <param name="options">The host's.</param>
    /// <param name="fault">Why it is.</param>
    public static SimulatedCopy Back(SimulatedCopy source, Outgoing sends, DateTimeOffset now, SimulatedDriverOptions options, string fault) => source with
    {
        State = GuestState.Running,
        Sends = null,
        Last = Progress(source, sends, now, options) with { Fault = fault, DowntimeSeconds = sends.Stopped is { } stopped ? (now - stopped).TotalSeconds : 0 },
    };

    private static double RestSeconds(SimulatedCopying copying, Outgoing sends) =>
        sends.Terms.IsLive ? copying.RestSeconds : copying.DiskBytes / copying.BytesPerSecond;

    private static bool IsFed(SimulatedGuest guest, SimulatedCopy destination) =>
        guest.At(destination.Takes!.From!) is { Sends: { } sends } && sends.Migration == destination.Takes.Migration;
}
