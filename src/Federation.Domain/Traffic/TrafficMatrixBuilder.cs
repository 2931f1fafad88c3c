using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>Adds up traffic into a matrix. Not safe for use by several threads.</summary>
/// <param name="endpoint">Which endpoint's address it is; null for none. Left out: there are none.</param>
public sealed class TrafficMatrixBuilder(Func<Address, string?>? endpoint = null)
{
    // VMs by number while adding up: to hash a pair of numbers costs a tenth of hashing a pair of names.
    private readonly Dictionary<VmId, int> numbers = [];
    private readonly List<VmId> vms = [];
    private readonly Dictionary<(int Source, int Destination), Flow> pairs = [];
    private readonly Dictionary<int, Flow> sentOutside = [];
    private readonly Dictionary<int, Flow> receivedOutside = [];
    private readonly Dictionary<(int Vm, string Endpoint), Flow> sentToEndpoints = [];
    private readonly Dictionary<(int Vm, string Endpoint), Flow> receivedFromEndpoints = [];

    /// <summary>Adds what went from one VM to another; a VM's traffic with itself never leaves it and is not kept.</summary>
    public void Add(VmId source, VmId destination, Flow flow)
    {
        if (source != destination)
        {
            AddTo(pairs, (NumberOf(source), NumberOf(destination)), flow);
        }
    }

    /// <summary>Adds what a VM sent to an address outside the application.</summary>
    public void AddSentOutside(VmId source, Flow flow) => AddTo(sentOutside, NumberOf(source), flow);

    /// <summary>Adds what a VM received from an address outside the application.</summary>
    public void AddReceivedOutside(VmId destination, Flow flow) => AddTo(receivedOutside, NumberOf(destination), flow);

    /// <summary>Adds what a VM sent to an endpoint of its application.</summary>
    public void AddSentTo(string endpoint, VmId source, Flow flow) => AddTo(sentToEndpoints, (NumberOf(source), endpoint), flow);

    /// <summary>Adds what a VM received from an endpoint of its application.</summary>
    public void AddReceivedFrom(string endpoint, VmId destination, Flow flow) => AddTo(receivedFromEndpoints, (NumberOf(destination), endpoint), flow);

    /// <summary>Adds all of a matrix, every figure times a weight.</summary>
    public void Add(TrafficMatrix matrix, double weight)
    {
        foreach (var (pair, flow) in matrix.Pairs)
        {
            AddTo(pairs, (NumberOf(pair.Source), NumberOf(pair.Destination)), flow * weight);
        }

        foreach (var (vm, flow) in matrix.SentOutside)
        {
            AddTo(sentOutside, NumberOf(vm), flow * weight);
        }

        foreach (var (vm, flow) in matrix.ReceivedOutside)
        {
            AddTo(receivedOutside, NumberOf(vm), flow * weight);
        }

        foreach (var (pair, flow) in matrix.SentToEndpoints)
        {
            AddSentTo(pair.Endpoint, pair.Vm, flow * weight);
        }

        foreach (var (pair, flow) in matrix.ReceivedFromEndpoints)
        {
            AddReceivedFrom(pair.Endpoint, pair.Vm, flow * weight);
        }
    }

    /// <summary>Adds what one VM's report says, every figure times a weight.</summary>
    /// <remarks>What stays on a link (<see cref="LinkScopes"/>) is no traffic with the outside, whoever reported it.</remarks>
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
                case (null, var direction) when endpoint?.Invoke(record.Peer) is { } name:
                    AddTo(direction == FlowDirection.Sent ? sentToEndpoints : receivedFromEndpoints, (NumberOf(report.Vm), name), flow);
                    break;
                case (null, _) when LinkScopes.Of(record.Peer) is not null:
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
    public TrafficMatrix Build(TimeSpan period) => Build(period, divisor: null);

    /// <summary>The sum so far, each figure divided by what belongs to the VM whose sensor counted it.</summary>
    /// <param name="period">The period that the quotients are of.</param>
    /// <param name="divisor">Of the destination, or of the sender for what was sent outside. Not 0.</param>
    public TrafficMatrix Build(TimeSpan period, Func<VmId, double>? divisor)
    {
        var order = new MatrixOrder(vms, divisor);
        return new()
        {
            Period = period,
            Pairs = order.Pairs(pairs),
            SentOutside = order.Vms(sentOutside),
            ReceivedOutside = order.Vms(receivedOutside),
            SentToEndpoints = OfEndpoints(sentToEndpoints, divisor),
            ReceivedFromEndpoints = OfEndpoints(receivedFromEndpoints, divisor),
        };
    }

    private ImmutableSortedDictionary<EndpointPair, Flow> OfEndpoints(Dictionary<(int Vm, string Endpoint), Flow> flows, Func<VmId, double>? divisor) =>
        flows.Where(flow => !flow.Value.IsNone).ToImmutableSortedDictionary(
            flow => new EndpointPair(vms[flow.Key.Vm], flow.Key.Endpoint), flow => divisor is null ? flow.Value : flow.Value / divisor(vms[flow.Key.Vm]));

    private int NumberOf(VmId vm)
    {
        if (!numbers.TryGetValue(vm, out var number))
        {
            number = vms.Count;
            numbers.Add(vm, number);
            vms.Add(vm);
        }

        return number;
    }

    private static void AddTo<TKey>(Dictionary<TKey, Flow> flows, TKey key, Flow flow)
        where TKey : notnull =>
        CollectionsMarshal.GetValueRefOrAddDefault(flows, key, out _) += flow;
}
