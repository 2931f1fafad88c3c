using System.Collections.Immutable;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Captures;
using Federation.Sensor.Counting;

namespace Federation.Cli.Analysis;

/// <summary>Counts capture files that a user names.</summary>
internal static class CaptureReading
{
    /// <summary>Everything that is in a capture.</summary>
    /// <exception cref="CommandFailure">It cannot be read at all.</exception>
    public static CaptureTraffic Read(string path, CancellationToken cancel) => Read(path, inner: false, cancel);

    /// <summary>Everything that is in a capture, packets in tunnels by their own addresses if <paramref name="inner"/>.</summary>
    /// <exception cref="CommandFailure">It cannot be read at all.</exception>
    public static CaptureTraffic Read(string path, bool inner, CancellationToken cancel)
    {
        try
        {
            return CaptureTraffic.Read(path, inner, cancel);
        }
        catch (CaptureException fault)
        {
            throw new CommandFailure(fault.Message, fault);
        }
    }

    /// <summary>How many frames of a capture were not counted, and why.</summary>
    public static string LeftOutOf(string path, CaptureTraffic capture) =>
        $"fedctl: {capture.LeftOut.Sum(left => left.Frames.Packets)} of the {capture.End.Frames} frames of {path} were not counted: "
        + string.Join(", ", capture.LeftOut.Select(left => $"{left.Reason} {left.Frames.Packets}"));

    /// <summary>The warning that goes with a capture that could be read in part only.</summary>
    public static string TruncationOf(string path, long frames, string reason) =>
        $"fedctl: {path} is truncated: only its first {frames} frames were read ({reason})";
}

/// <summary>Finds the communication groups in a capture, of which nothing is known but its frames.</summary>
/// <remarks>
/// Takes every address that sends for a VM, but those whose traffic stays on their link (<see cref="LinkScopes"/>), and the windows that the
/// capture touches for the period. What goes to an address that never sends is in the matrix, but is no VM's and founds no group.
/// </remarks>
internal sealed class CaptureAnalysis
{
    private readonly CaptureTraffic capture;
    private readonly ImmutableSortedDictionary<AddressPair, Tally> matrix;
    private readonly Dictionary<VmId, Address> addresses;
    private readonly ImmutableArray<Address> onLink;

    public CaptureAnalysis(CaptureTraffic capture)
    {
        this.capture = capture;
        matrix = capture.Matrix();
        var senders = matrix.Keys.Select(pair => pair.Source).Distinct().ToLookup(address => LinkScopes.Of(address) is null);
        addresses = senders[true].ToDictionary(NameOf, address => address);
        onLink = [.. senders[false].Order()];
        Traffic = TrafficOf();
    }

    /// <summary>What the VMs exchanged with each other; a window of silence if there is no frame.</summary>
    public TrafficMatrix Traffic { get; }

    /// <summary>The VMs.</summary>
    public IReadOnlyCollection<VmId> Vms => addresses.Keys;

    /// <summary>Which detector finds the groups, and why.</summary>
    public DetectorChoice DetectorFor(GroupingOptions options) =>
        DetectorChoice.Of(Vms, PairWeights.From(Traffic, options.Metric), options);

    /// <summary>Everything that there is to tell.</summary>
    public AnalysisDocument Document(IGroupDetector detector, GroupingOptions options)
    {
        var groups = detector.Detect(Vms, PairWeights.From(Traffic, options.Metric), options).Groups
            .Select(group => (Members: group.Members.Select(member => addresses[member]).Order().ToImmutableArray(), group.Isolation))
            .OrderBy(group => group.Members[0])
            .ToList();
        return new(
            [.. capture.Windows.Select(traffic => new AnalysisDocument.WindowTotal(
                traffic.Window, traffic.Total.Packets, traffic.Total.Bytes))],
            [.. matrix.Select(entry => new AnalysisDocument.Row(
                entry.Key.Source, entry.Key.Destination, entry.Value.Packets, entry.Value.Bytes))],
            [.. groups.Select(group => group.Members)],
            [.. groups.Select(group => group.Isolation)],
            Frames,
            [.. capture.LeftOut.Select(left => new AnalysisDocument.LeftOutFrames(left.Reason, left.Frames.Packets, left.Frames.Bytes))],
            onLink);
    }

    private AnalysisDocument.FrameTotal Frames => new(
        capture.End.Frames, capture.End.Frames - capture.LeftOut.Sum(left => left.Frames.Packets), capture.End.Mistimed, capture.PerhapsRepeated);

    private static VmId NameOf(Address address) => new(address.ToString());

    private TrafficMatrix TrafficOf()
    {
        var builder = new TrafficMatrixBuilder();
        var vms = addresses.Values.ToHashSet();
        foreach (var (pair, tally) in matrix.Where(entry => vms.Contains(entry.Key.Source) && vms.Contains(entry.Key.Destination)))
        {
            builder.Add(NameOf(pair.Source), NameOf(pair.Destination), new Flow(tally.Packets, tally.Bytes));
        }

        return builder.Build(Math.Max(capture.Windows.Length, 1) * Window.Length);
    }
}

/// <summary>What <c>fedctl analyze -o json</c> prints. Compared by reference.</summary>
/// <param name="Windows">The windows that the capture touches, oldest first.</param>
/// <param name="Matrix">Who sent how much to whom in all of them, by addresses.</param>
/// <param name="Groups">The communication groups by their first members, members by address.</param>
/// <param name="Isolation">What each group exchanges with the rest over what it exchanges inside, in the order of the groups.</param>
/// <param name="Frames">How many frames were read, and what of them was counted.</param>
/// <param name="LeftOut">The frames that were not, by reason, the most frequent first.</param>
/// <param name="OnLink">Addresses that send and are taken for no VM, in order: what they send stays on its link.</param>
internal sealed record AnalysisDocument(
    ImmutableArray<AnalysisDocument.WindowTotal> Windows,
    ImmutableArray<AnalysisDocument.Row> Matrix,
    ImmutableArray<ImmutableArray<Address>> Groups,
    ImmutableArray<double> Isolation,
    AnalysisDocument.FrameTotal Frames,
    ImmutableArray<AnalysisDocument.LeftOutFrames> LeftOut,
    ImmutableArray<Address> OnLink)
{
    /// <summary>All IP packets of one window.</summary>
    internal sealed record WindowTotal(Window Start, long Packets, long Bytes);

    /// <summary>What one address sent to another.</summary>
    internal sealed record Row(Address Source, Address Destination, long Packets, long Bytes);

    /// <summary>All frames of the capture.</summary>
    /// <param name="Read">Frames that were read.</param>
    /// <param name="Counted">Frames that are in the matrix; the others are left out.</param>
    /// <param name="Mistimed">Frames whose time stamp cannot be; they are counted by the second that it says, or with the frame before.</param>
    /// <param name="PerhapsRepeated">Frames that another interface may have had too; too little of them was kept to be certain, and they are counted.</param>
    internal sealed record FrameTotal(long Read, long Counted, long Mistimed, long PerhapsRepeated);

    /// <summary>Frames that were not counted.</summary>
    internal sealed record LeftOutFrames(string Reason, long Frames, long Bytes);
}
