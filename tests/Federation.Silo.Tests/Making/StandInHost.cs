using System.Collections.Concurrent;
using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Grains.Access;

namespace Federation.Silo.Tests.Making;

/// <summary>What several stand-ins for hosts have: the copies of VMs on each.</summary>
internal sealed class StandInCopies : ConcurrentDictionary<(string Host, VmRef Vm), HostGuest>
{
    /// <summary>The hosts on which a VM runs.</summary>
    public IEnumerable<string> RunsOn(VmRef vm) =>
        this.Where(copy => copy.Key.Vm == vm && copy.Value.Sighting.State == GuestState.Running).Select(copy => copy.Key.Host).Order(StringComparer.Ordinal);
}

/// <summary>Stands in for a host with its agent: it takes orders, does at once what they say to copies that are no more than a word, and tells.</summary>
internal sealed class StandInHost(IGrainFactory grains, HostPost post, StandInCopies copies)
{
    private readonly Guid run = Guid.NewGuid();
    private long number;
    private ImmutableArray<HostAnswer> answers = [];

    /// <summary>Every order that it took, in order.</summary>
    public ConcurrentQueue<HostOrder> Orders { get; } = [];

    /// <summary>Goes on until it is cancelled.</summary>
    public async Task Run(CancellationToken cancel)
    {
        var (mailbox, last) = (Guid.Empty, 0L);
        while (!cancel.IsCancellationRequested)
        {
            await Report();
            var orders = await CallOrigin.AsService(() => grains.Agent(post).Orders(mailbox, last, TimeSpan.FromSeconds(0.2)));
            (mailbox, last) = (orders.Mailbox, orders.Last);
            answers = [.. orders.Orders.Select(Do)];
        }
    }

    /// <summary>Tells how the host is.</summary>
    public Task Report() => CallOrigin.AsService(async () =>
    {
        var facts = new HostFacts(4, 8L << 30, 1L << 40, new HypervisorFacts { Driver = "stand-in", Version = "1", MovesLive = true, HoldsAtSwitch = true, KeepsSent = true }, "1", "boot");
        await grains.Agent(post).Report(new(facts, [.. copies.Where(copy => copy.Key.Host == post.Host).Select(copy => copy.Value)], answers, ++number, run));
        return true;
    });

    private HostAnswer Do(HostOrder order)
    {
        Orders.Enqueue(order);
        switch (order)
        {
            case HostOrder.Start or HostOrder.Run:
                Set(order, GuestState.Running);
                break;
            case HostOrder.Receive:
                Set(order, GuestState.Receiving);
                return new(order.Operation, HostOutcome.Done, Target: new(post.Host));
            case HostOrder.Send send:
                copies[(send.To.Memory, order.Vm)] = copies[(send.To.Memory, order.Vm)] with { Sighting = new(order.Vm, GuestState.Receiving, new(send.Migration)) };
                Set(order, GuestState.AtSwitch, send.Migration);
                break;
            case HostOrder.Switch change:
                foreach (var there in copies.Keys.Where(copy => copy.Vm == order.Vm && copy.Host != post.Host))
                {
                    copies[there] = copies[there] with { Sighting = new(order.Vm, GuestState.Received, new(change.Migration)) };
                }

                Set(order, GuestState.Sent, change.Migration);
                break;
            case HostOrder.Stop or HostOrder.Cancel:
                copies.TryRemove((post.Host, order.Vm), out _);
                break;
            default:
                return new(order.Operation, HostOutcome.Refused, "a stand-in has no console");
        }

        return new(order.Operation, HostOutcome.Done);
    }

    private void Set(HostOrder order, GuestState state, MigrationId? migration = null) =>
        copies[(post.Host, order.Vm)] = new(new(order.Vm, state, migration is { } by ? new(by) : null), order.Epoch);
}
