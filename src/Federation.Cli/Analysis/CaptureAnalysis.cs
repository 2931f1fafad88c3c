using System.Collections.Immutable;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Counting;

namespace Federation.Cli.Analysis;

/// <summary>Finds the communication groups in a capture, of which nothing is known but its frames.</summary>
internal static class CaptureAnalysis
{
    /// <summary>Takes every address that sends for a VM, and the windows that the capture touches for the period.</summary>
    /// <remarks>What goes to an address that never sends is in the matrix, but is no VM's and founds no group.</remarks>
    public static AnalysisDocument Of(CaptureTraffic capture, IGroupDetector detector, GroupingOptions options)
    {
        var matrix = capture.Matrix();
        return new(
            [.. capture.Windows.Select(traffic => new AnalysisDocument.WindowTotal(
                traffic.Window, traffic.Total.Packets, traffic.Total.Bytes))],
            [.. matrix.Select(entry => new AnalysisDocument.Row(
                entry.Key.Source, entry.Key.Destination, entry.Value.Packets, entry.Value.Bytes))],
            capture.Windows.IsEmpty ? [] : Groups(matrix, capture.Windows.Length * Window.Length, detector, options));
    }

    private static ImmutableArray<ImmutableArray<Address>> Groups(
        ImmutableSortedDictionary<AddressPair, Tally> matrix, TimeSpan period, IGroupDetector detector, GroupingOptions options)
    {
        var vms = matrix.Keys.Select(pair => pair.Source).Distinct()
            .ToDictionary(address => address, address => new VmId(address.ToString()));
        var weights = new PairWeights(options.Metric, period, matrix
            .Where(entry => vms.ContainsKey(entry.Key.Destination))
            .Select(entry => new PairWeight(
                vms[entry.Key.Source], vms[entry.Key.Destination], options.Metric.Of(new Flow(entry.Value.Packets, entry.Value.Bytes)))));
        var addresses = vms.ToDictionary(entry => entry.Value, entry => entry.Key);
        return [.. detector.Detect(vms.Values, weights, options).Groups
            .Select(group => group.Members.Select(member => addresses[member]).Order().ToImmutableArray())
            .OrderBy(members => members[0])];
    }
}
