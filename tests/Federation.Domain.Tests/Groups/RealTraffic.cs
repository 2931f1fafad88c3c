using System.Globalization;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Domain.Tests.Groups;

/// <summary>The traffic of real applications, as an independent program counted it.</summary>
internal static class RealTraffic
{
    private static readonly TimeSpan OneWindow = TimeSpan.FromSeconds(30);

    public static (VmId[] Vms, PairWeights Weights) Of(string capture, Metric metric)
    {
        var rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "captures", $"{capture}.csv")).Skip(1)
            .Select(line => line.Split(',')).ToList();
        var vms = rows.Select(row => Vm(row[0])).Distinct().ToArray();
        return (vms, new(metric, OneWindow, rows.Select(row => new PairWeight(Vm(row[0]), Vm(row[1]), metric.Of(new Flow(Number(row[2]), Number(row[3])))))));
    }

    /// <summary>Groups as <c>{1,2} {3,4}</c>, by the hosts' numbers.</summary>
    public static string Text(GroupPartition partition) =>
        string.Join(' ', partition.Groups.Select(group => $"{{{string.Join(',', group.Members)}}}"));

    private static VmId Vm(string address) => new(address[(address.LastIndexOf('.') + 1)..]);

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
