using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>Adds up traffic into a matrix. Not safe for use by several threads.</summary>
public sealed class TrafficMatrixBuilder
{
    private readonly Dictionary<VmPair, Flow> pairs = [];
    private readonly Dictionary<VmId, Flow> sentOutside = [];
    private readonly Dictionary<VmId, Flow> receivedOutside = [];

    /// <summary>Adds what went from one VM to another; a VM's traffic with itself never leaves it and is not kept.</summary>
    public void Add(VmId source, VmId destination, Flow flow)
    {
        if (source != destination)
        {
            AddTo(pairs, new VmPair(source, destination), flow);
        }
    }

    /// <summary>Adds what a VM sent to an address outside the application.</summary>
    public void AddSentOutside(VmId source, Flow flow) => AddTo(sentOutside, source, flow);

    /// <summary>Adds what a VM received from an address outside the application.</summary>
    public void AddReceivedOutside(VmId destination, Flow flow) => AddTo(receivedOutside, destination, flow);

    /// <summary>Adds all of a matrix, every figure times a weight.</summary>
    public void Add(TrafficMatrix matrix, double weight)
    {
        foreach (var (pair, flow) in matrix.Pairs)
        {
            AddTo(pairs, pair, flow * weight);
        }

        foreach (var (vm, flow) in matrix.SentOutside)
        {
            AddTo(sentOutside, vm, flow * weight);
        }

        foreach (var (vm, flow) in matrix.ReceivedOutside)
        {
            AddTo(receivedOutside, vm, flow * weight);
        }
    }

    /// <summary>Adds what one VM's report says, every figure times a weight.</summary>
    /// <param name="report">The report.</param>
    /// <param name="owner">Whose address it is; null if it is outside.</param>
    /// <param name="weight">Default 1: what was counted.</param>
    public void Add(WindowReport report, Func<Address, VmId?> owner, double weight = 1)
    {
        foreach (var record in report.Records)
        {
            var flow = new Flow(record.Packets, record.Bytes) * weight;
            switch (owner(record.Peer), record.Direction)
            {
                case ({ } source, FlowDirection.Received):
                    Add(source, report.Vm, flow);
                    break;
                case (null, FlowDirection.Received):
                    AddReceivedOutside(report.Vm, flow);
                    break;
                case (null, FlowDirection.Sent):
                    AddSentOutside(report.Vm, flow);
                    break;
                default:
                    // The peer is a VM of the application: its own sensor reports it as received. Counted once.
                    break;
            }
        }
    }

    /// <summary>The sum so far, as the traffic of a period.</summary>
    public TrafficMatrix Build(TimeSpan period) => new()
    {
        Period = period,
        Pairs = Kept(pairs),
        SentOutside = Kept(sentOutside),
        ReceivedOutside = Kept(receivedOutside),
    };

    private static ImmutableSortedDictionary<TKey, Flow> Kept<TKey>(Dictionary<TKey, Flow> flows)
        where TKey : notnull =>
        flows.Where(entry => !entry.Value.IsNone).ToImmutableSortedDictionary();

    private static void AddTo<TKey>(Dictionary<TKey, Flow> flows, TKey key, Flow flow)
        where TKey : notnull =>
        flows[key] = flows.GetValueOrDefault(key) + flow;
}
