using System.Collections.Immutable;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Counting;

namespace Federation.Cli.Analysis;

/// <summary>Finds the communication groups in a capture, of which nothing is known but its frames.</summary>
/// <remarks>
/// Takes every address that sends for a VM, and the windows that the capture touches for the period. What goes to an address that never
/// sends is in the matrix, but is no VM's and founds no group.
/// </remarks>
internal sealed class CaptureAnalysis
{
    private readonly CaptureTraffic capture;
    private readonly ImmutableSortedDictionary<AddressPair, Tally> matrix;
    private readonly Dictionary<VmId, Address> addresses;

    public CaptureAnalysis(CaptureTraffic capture)
    {
        this.capture = capture;
        matrix = capture.Matrix();
        addresses = matrix.Keys.Select(pair => pair.Source).Distinct().ToDictionary(NameOf, address => address);
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
            [.. groups.Select(group => group.Isolation)]);
    }

    private static VmId NameOf(Address address) => new(address.ToString());

    private TrafficMatrix TrafficOf()
    {
        var builder = new TrafficMatrixBuilder();
        foreach (var (pair, tally) in matrix.Where(entry => addresses.ContainsKey(NameOf(entry.Key.Destination))))
        {
            builder.Add(NameOf(pair.Source), NameOf(pair.Destination), new Flow(tally.Packets, tally.Bytes));
        }

        return builder.Build(Math.Max(capture.Windows.Length, 1) * Window.Length);
    }
}
