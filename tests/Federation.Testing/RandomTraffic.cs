using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Testing;

/// <summary>Random traffic matrices, from silent to a network that is the bottleneck.</summary>
public static class RandomTraffic
{
    /// <summary>Rates over six orders of magnitude: latency, bandwidth and compute each rule some of the worlds.</summary>
    public static readonly Gen<Flow> FlowPerSecond =
        from magnitude in Gen.Double[-2, 4]
        from size in Gen.Double[60, 1500]
        select new Flow(Math.Pow(10, magnitude), Math.Pow(10, magnitude) * size);

    /// <summary>A matrix between some VMs, of which some talk to the outside.</summary>
    public static Gen<TrafficMatrix> Between(ImmutableArray<VmId> vms) =>
        from seconds in Gen.Int[1, 120].Select(windows => windows * 30)
        from density in Gen.OneOf(0.0, 0.3, 1.0)
        from talks in Gen.Double[0, 1].Array[vms.Length * vms.Length]
        from flows in FlowPerSecond.Array[vms.Length * vms.Length]
        from outside in FlowPerSecond.Nullable(0.7).Array[vms.Length * 2]
        select Matrix(vms, seconds, (source, to) => talks[(source * vms.Length) + to] < density
            ? flows[(source * vms.Length) + to] * seconds
            : default, outside);

    private static TrafficMatrix Matrix(ImmutableArray<VmId> vms, int seconds, Func<int, int, Flow> flow, Flow?[] outside)
    {
        var builder = new TrafficMatrixBuilder();
        for (var source = 0; source < vms.Length; source++)
        {
            builder.AddSentOutside(vms[source], (outside[source] ?? default) * seconds);
            builder.AddReceivedOutside(vms[source], (outside[vms.Length + source] ?? default) * seconds);
            for (var to = 0; to < vms.Length; to++)
            {
                builder.Add(vms[source], vms[to], flow(source, to));
            }
        }

        return builder.Build(TimeSpan.FromSeconds(seconds));
    }
}
