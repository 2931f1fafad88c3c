using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Networks;

namespace Federation.Host.Networks;

/// <summary>The copies of VMs at this host, an entry for each interface. Holds collections: compared by reference.</summary>
/// <param name="Here">The copies that are here.</param>
/// <param name="Cleared">Those that had sent all and were cleared since.</param>
internal sealed record SeenCopies(ImmutableSortedDictionary<SegmentPort, LocalCopy> Here, ImmutableSortedDictionary<SegmentPort, LocalCopy> Cleared)
{
    /// <summary>No copies.</summary>
    public static SeenCopies None { get; } = new(ImmutableSortedDictionary<SegmentPort, LocalCopy>.Empty, ImmutableSortedDictionary<SegmentPort, LocalCopy>.Empty);

    /// <summary>The copies as they are seen now. One that does not answer is taken for what it was: its frames go on where they went.</summary>
    public SeenCopies Then(ImmutableArray<GuestSighting> sightings)
    {
        var now = sightings.SelectMany(guest => guest.Taps.Select((tap, nic) => (Port: new SegmentPort(guest.Vm, nic), guest.State, Tap: tap)))
            .ToImmutableSortedDictionary(copy => copy.Port, copy => copy.State == GuestState.Silent && Here.TryGetValue(copy.Port, out var known) ? known with { Tap = copy.Tap } : new LocalCopy(copy.State, copy.Tap));
        return Now(now);
    }

    /// <summary>The copies where one has changed.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="now">Its copy; null: it is gone.</param>
    public SeenCopies With(VmRef vm, GuestSighting? now)
    {
        var others = Here.RemoveRange(Here.Keys.Where(port => port.Vm == vm));
        return Now(now is null ? others : others.AddRange(Then([now]).Here));
    }

    private SeenCopies Now(ImmutableSortedDictionary<SegmentPort, LocalCopy> now)
    {
        return new(now, Cleared.SetItems(Here).Where(copy => copy.Value.State == GuestState.Sent && !now.ContainsKey(copy.Key)).ToImmutableSortedDictionary());
    }

    /// <summary>Without those that were cleared and that the service has elsewhere by now: it says what becomes of their frames.</summary>
    public SeenCopies Told(Segment segment, VtepId here) => this with
    {
        Cleared = Cleared.RemoveRange(Cleared.Keys.Where(port => port.Vm.Application == segment.Application
            && !(segment.Entries.TryGetValue(port, out var entry) && entry.At == here && entry.Next is { } next && next != here))),
    };

    /// <summary>The copies of an application that its table comes of: those here, and those that were cleared.</summary>
    public ImmutableDictionary<SegmentPort, LocalCopy> Of(AppId application) =>
        HereOf(application).AddRange(Cleared.Where(copy => copy.Key.Vm.Application == application));

    /// <summary>The copies of an application that are here.</summary>
    public ImmutableDictionary<SegmentPort, LocalCopy> HereOf(AppId application) => Here.Where(copy => copy.Key.Vm.Application == application).ToImmutableDictionary();
}
