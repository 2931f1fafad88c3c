using System.Collections.Concurrent;
using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Host.Networks;

namespace Federation.Host.Tests.Making;

/// <summary>A kernel that notes what it is told of segments.</summary>
internal sealed class TrialPlumber : ISegmentPlumber
{
    /// <summary>What was done, in order.</summary>
    public ConcurrentQueue<string> Done { get; } = [];

    /// <summary>The rules in force, by the segment's number.</summary>
    public ConcurrentDictionary<int, SegmentRules> Rules { get; } = [];

    /// <summary>Why nothing can be done; null: it can.</summary>
    public string? Fault { get; set; }

    /// <summary>The segments of an earlier run.</summary>
    public ImmutableArray<FoundSegment> Found { get; set; } = [];

    public Task<HostNetwork> Describe(CancellationToken cancel) => Task.FromResult(new HostNetwork(Address.Parse("10.0.0.1"), 1500));

    public Task<ImmutableArray<FoundSegment>> Begin(CancellationToken cancel) => Do("begin", () => Found);

    public Task Make(int vni, int mtu, string application, CancellationToken cancel) => Do($"make {vni} of {application}, {mtu} bytes", () => 0);

    public Task Apply(int vni, SegmentRules rules, CancellationToken cancel) => Do(null, () => Rules[vni] = rules);

    public Task Share(IReadOnlyCollection<string> taps, CancellationToken cancel) => Do(null, () => 0);

    public void Doubt(int vni) => Done.Enqueue($"doubt {vni}");

    public Task Remove(int vni, CancellationToken cancel) => Do($"remove {vni}", () => Rules.TryRemove(vni, out _));

    private Task<T> Do<T>(string? what, Func<T> does)
    {
        if (Fault is { } fault)
        {
            return Task.FromException<T>(new DriverException(fault));
        }

        if (what is not null)
        {
            Done.Enqueue(what);
        }

        return Task.FromResult(does());
    }
}
