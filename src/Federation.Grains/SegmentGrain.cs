using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Refusals;
using Federation.Grains.Hosts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Federation.Grains;

/// <inheritdoc cref="ISegmentGrain"/>
/// <remarks>
/// Reentrant: hosts acknowledge while somebody waits for that. What hosts have acknowledged is not stored: after a crash they are told that there is something, and say what
/// they have. Nothing is told to a host before it is stored.
/// </remarks>
[Reentrant]
public sealed partial class SegmentGrain(
    [PersistentState("segment", GrainStateSerializer.StorageName)] IPersistentState<SegmentGrain.Stored> state,
    SegmentCounts counts,
    EventRecorder events,
    IHostApplicationLifetime silo,
    TimeProvider clock,
    ILogger<SegmentGrain> log) : Grain, ISegmentGrain, ILeavingGrain, IRemindable, IDisposable
{
    private readonly SerialState<Stored> stored = new(state);
    private readonly List<Func<SegmentRegister, SegmentRegister>> steps = [];
    private (SegmentRegister? Gave, HashSet<Func<SegmentRegister, SegmentRegister>> Steps) last = (null, []);

    private AppId Id => AppId.Parse(this.GetPrimaryKeyString());

    private SegmentRegister? Now => stored.Now.Register;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        TellHosts();
        return Now is null ? Task.CompletedTask : Rewished();
    }

    /// <inheritdoc/>
    public async Task<Verdict> Placed(SegmentPlacement placement, TimeSpan wait)
    {
        var network = placement.At is { } host ? await NetworkOf(host) : null;
        var refusal = network is null ? null : await RefusalOf(placement.At!, network);
        if (network is null || refusal is not null)
        {
            await Change(register => register.Placed(placement.Vm, null, placement.Epoch, [], Acknowledged));
            return refusal is null ? Verdict.Feasible : Verdict.Reject(refusal);
        }

        var (at, named) = (VtepOf(placement.At!), await NamedAddresses(placement));
        await Change(register =>
        {
            (var nics, refusal) = register.Addressed(placement.Vm, placement.Nics, named);
            return refusal is null
                ? register.Joined(at, network).Placed(placement.Vm, at, placement.Epoch, nics, Acknowledged)
                : register.Placed(placement.Vm, null, placement.Epoch, [], Acknowledged);
        });
        return refusal is not null ? Verdict.Reject(refusal)
            : wait > TimeSpan.Zero && Now?.Vms.GetValueOrDefault(placement.Vm) is { } placed && placed.At == at ? await Acknowledge(placement.Vm, [at], placed.MovedAt, wait)
            : Verdict.Feasible;
    }

    /// <inheritdoc/>
    public async Task<Verdict> Expect(SegmentPlacement placement, HostPost next, TimeSpan wait)
    {
        if (placement.At is not { } from || from == next)
        {
            return Verdict.Feasible;
        }

        var (here, there) = (await NetworkOf(from), await NetworkOf(next));
        if (here is null || there is null)
        {
            return here == there ? Verdict.Feasible
                : Verdict.Reject(here is null ? Refusal.OverlayAtOneEnd($"{next}", $"{from}") : Refusal.OverlayAtOneEnd($"{from}", $"{next}"));
        }

        var verdict = await Placed(placement, TimeSpan.Zero);
        if ((verdict.Refusal ?? await RefusalOf(next, there)) is { } refusal)
        {
            return Verdict.Reject(refusal);
        }

        var to = VtepOf(next);
        await Change(register => register.Joined(to, there).Expected(placement.Vm, to, placement.Epoch));
        return Now?.Vms.GetValueOrDefault(placement.Vm) is { At: { } at } expected && expected.Next == to
            ? await Acknowledge(placement.Vm, [at, to], expected.ExpectedAt, wait)
            : Verdict.Reject(Refusal.VmNotHere(from.Site, placement.Vm));
    }

    /// <inheritdoc/>
    public Task Unexpect(VmId vm, long epoch) => Change(register => register.Unexpected(new(Id, vm), epoch));

    /// <inheritdoc/>
    public Task Forget(VmId vm) => Change(register => register.Forgotten(new(Id, vm)));

    /// <inheritdoc/>
    public async Task Delete()
    {
        var clients = Now?.Clients.Keys.ToList() ?? [];
        await Change(register => register.Ended());
        await Detach(clients);
        await EndWhenOver();
    }

    /// <inheritdoc/>
    public async Task<SegmentStatus?> Get() => Now is not { HasEnded: false } register ? null : new SegmentStatus(
        register.Segment(),
        [.. register.Hosts.Where(host => !host.Key.IsClient).Select(host => new SegmentHostStatus(
            host.Key, host.Value.Network, hosts.AcknowledgedBy(host.Key), register.DueAt(host.Key), hosts.BehindSince(host.Key)))],
        [.. register.Leaving]) { Unreached = unreached, Clients = await ClientsOf(register) };

    /// <inheritdoc/>
    public Task<ImmutableSortedDictionary<VmId, ImmutableArray<Address>>> Given() => Task.FromResult(Now is { } register ? register.Given : ImmutableSortedDictionary<VmId, ImmutableArray<Address>>.Empty);

    /// <inheritdoc/>
    public void Dispose()
    {
        stored.Dispose();
        closing.Dispose();
    }

    private static VtepId VtepOf(HostPost host) => new(host.Site, host.Host);

    // A host that is of it is reached as it told last. A mailbox that was just opened knows nothing yet, its site does.
    private async Task<HostNetwork?> NetworkOf(HostPost host) =>
        Now is { HasEnded: false } register && register.Hosts.TryGetValue(VtepOf(host), out var known) ? known.Network
        : (await GrainFactory.Agent(host).Status()).Report is { } report ? report.Facts.Network
        : await GrainFactory.Site(host.Site).NetworkOf(host.Host);

    // Begins the network with its first host. Its VMs are told a length of packets when they start: it never changes, and who comes later has to carry it.
    private async Task<Refusal?> RefusalOf(HostPost host, HostNetwork network)
    {
        if (Now is null)
        {
            var first = await SegmentBeginning.Of(GrainFactory, Id, network);
            await stored.Change(now => now.Register is null ? new() { Register = first } : now);
            await Rewished();
        }

        return network.InnerMtu >= Now!.Mtu ? null : Refusal.SegmentMtu(host.Site, host.Host, Id, network.Mtu, network.Mtu + Now!.Mtu - network.InnerMtu);
    }

    // Those that VMs name which run nowhere yet are not given to others.
    private async Task<ImmutableArray<Address>> NamedAddresses(SegmentPlacement placement) =>
        placement.Nics.All(nic => !nic.Addresses.IsEmpty) || (Now?.Vms.TryGetValue(placement.Vm, out var known) == true && known.Nics.Length == placement.Nics.Length)
            ? []
            : SegmentBeginning.NamedBy(await GrainFactory.Application(Id).Description());

    // Whoever comes while a change is being stored is stored with the next one, all together. Each step is taken again, and gives the same, where that write failed.
    private async Task Change(Func<SegmentRegister, SegmentRegister> step)
    {
        SegmentRegister? before = null;
        // Each call is one of its own, even where it asks for the same as another.
        Func<SegmentRegister, SegmentRegister> mine = register => step(register);
        steps.Add(mine);
        await stored.Change(now =>
        {
            if (now.Register is not { } register || (ReferenceEquals(register, last.Gave) && last.Steps.Contains(mine)))
            {
                return now;
            }

            List<Func<SegmentRegister, SegmentRegister>> taken = [.. steps.Append(mine).Distinct()];
            steps.Clear();
            before = register;
            var next = taken.Aggregate(register, (known, each) => each(known)).Settled(Acknowledged);
            last = (next, [.. taken]);
            return ReferenceEquals(next, register) ? now : new() { Register = next };
        });
        TellHosts();
        if (before is not null && !ReferenceEquals(before, Now) && Now is { } after && !SegmentRegister.GaveTheSame(before, after))
        {
            GrainFactory.Application(Id).Readdressed().Ignore();
        }
    }

    /// <summary>What is stored of a network.</summary>
    public sealed class Stored
    {
        /// <summary>The network; null: there is none.</summary>
        public SegmentRegister? Register { get; init; }
    }
}
