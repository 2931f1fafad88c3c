using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>What the service keeps of a VM on its segment. Holds lists: compared by reference.</summary>
/// <param name="Epoch">The newest epoch of the VM that the segment was told.</param>
/// <param name="At">The host that owns it; null: it runs nowhere, or at a host without the overlay.</param>
/// <param name="Nics">Its interfaces, in order.</param>
public sealed record SegmentVm(long Epoch, VtepId? At, ImmutableArray<SegmentNic> Nics)
{
    /// <summary>A VM of which nothing is known.</summary>
    public static SegmentVm Unknown { get; } = new(0, null, []);

    /// <summary>The revision at which anything of it changed last.</summary>
    public long Revision { get; init; }

    /// <summary>The host that a move takes it to; null: it does not move.</summary>
    public VtepId? Next { get; init; }

    /// <summary>The revision at which <see cref="Next"/> was named: the move begins once both of its ends have acknowledged it.</summary>
    public long ExpectedAt { get; init; }

    /// <summary>Hosts that had it before, while there may be hosts that do not know where it is now.</summary>
    public ImmutableArray<VtepId> Former { get; init; } = [];

    /// <summary>The revision at which it came to <see cref="At"/>.</summary>
    public long MovedAt { get; init; }

    /// <summary>The revision that the host <see cref="At"/> has to acknowledge before others may send on to it; 0: it has.</summary>
    /// <remarks>A host to which a VM comes back unexpectedly, as by a move that is taken back after its end, may itself send on to where the VM was.</remarks>
    public long SettlesAt { get; init; }

    /// <summary>The hosts that it is, was or is expected at.</summary>
    [JsonIgnore]
    public IEnumerable<VtepId> Hosts => new[] { At, Next }.OfType<VtepId>().Concat(Former);

    /// <summary>Whether acknowledgements change anything of it.</summary>
    [JsonIgnore]
    public bool IsPending => At is not null && (SettlesAt > 0 || !Former.IsEmpty);

    /// <summary>The hosts that are told to send on.</summary>
    [JsonIgnore]
    public ImmutableArray<VtepId> SendingOn => SettlesAt > 0 || Former.IsEmpty ? [] : [.. Former.Where(host => host != Next)];

    /// <summary>Its interfaces as hosts are told of them; none where it is nowhere.</summary>
    public IEnumerable<SegmentEntry> Entries(VmRef vm) => At is null
        ? []
        : Nics.Select((nic, index) => new SegmentEntry(new(vm, index), nic.Mac, nic.All, Revision, Epoch, At) { Next = Next, Former = SendingOn });

    /// <summary>The VM where it is owned by another host.</summary>
    /// <param name="at">The host; null: none.</param>
    /// <param name="epoch">The epoch of that.</param>
    /// <param name="revision">The revision of that.</param>
    /// <param name="wasExpected">Whether that host has acknowledged that it comes.</param>
    public SegmentVm MovedTo(VtepId? at, long epoch, long revision, bool wasExpected)
    {
        ImmutableArray<VtepId> former = at is { } host ? [.. Former.Concat(At is { } left ? [left] : []).Where(other => other != host).Distinct()] : [];
        return this with
        {
            Epoch = epoch,
            At = at,
            Next = null,
            ExpectedAt = 0,
            Former = former,
            Revision = revision,
            MovedAt = revision,
            SettlesAt = former.IsEmpty || wasExpected ? 0 : revision,
        };
    }

    /// <summary>The VM where its move was taken back.</summary>
    public SegmentVm Stays(long epoch, long revision) => this with
    {
        Epoch = epoch,
        Next = null,
        ExpectedAt = 0,
        Revision = revision,
        // Until it knows, the host may send on to where the VM was to go, which may be one that had it before.
        SettlesAt = Former.IsEmpty ? 0 : revision,
    };

    /// <summary>Whether the interfaces are described as these are; what was given by the service is left aside.</summary>
    public bool HasNics(ImmutableArray<SegmentNic> nics) => Nics.Length == nics.Length
        && Nics.Zip(nics).All(pair => pair.First.Mac == pair.Second.Mac && pair.First.Named.SequenceEqual(pair.Second.Named));
}

/// <summary>An interface of a VM on its segment. Holds a list: compared by reference.</summary>
/// <param name="Mac">Its hardware address.</param>
/// <param name="Named">The IP addresses that its description names.</param>
/// <param name="Given">The one that it was given, as it names none; null: it names some, or has none yet.</param>
public sealed record SegmentNic(Address Mac, ImmutableArray<Address> Named, Address? Given = null)
{
    /// <summary>All its IP addresses.</summary>
    [JsonIgnore]
    public ImmutableArray<Address> All => Given is { } given ? [given] : Named;
}

/// <summary>A host of a segment.</summary>
/// <param name="Network">How it is reached.</param>
/// <param name="Since">The revision since which it is one: what it has of an older one is told whole again.</param>
/// <param name="Revision">The revision at which anything of it changed last.</param>
/// <param name="Due">The newest revision that concerns it and not all hosts.</param>
public sealed record SegmentHost(HostNetwork Network, long Since, long Revision, long Due);
