using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Refusals;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>Networks that are reached from outside, with agents of gateways that ask to hold their addresses.</summary>
public sealed class SegmentGatewayTests
{
    private static readonly AppId Application = AppId.Parse("astro/cg.1");
    private static readonly AppId Other = AppId.Parse("bio/cg.1");
    private static readonly HostPost A = new(new("a"), "h1");
    private static readonly HostPost First = new(new("a"), "g1");
    private static readonly HostPost Second = new(new("a"), "g2");
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_VM_gets_a_public_address_its_gateway_hears_of_it_as_a_host_and_another_takes_over_when_that_one_is_silent()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await OverlayAgent.Start(cluster.Grains, A, address: "192.0.2.1");
        await using var first = await Gateway(cluster, First, "203.0.113.16-203.0.113.17");
        await using var second = await Gateway(cluster, Second, "203.0.113.16-203.0.113.17");
        await using var renewals = new Renewals(cluster.Grains);
        renewals.Begin(First);
        renewals.Begin(Second);
        await Describe(cluster, Application, ("vm1", "a"), ("vm2", null));
        await cluster.Grains.Segment(Application).Placed(new(new(Application, new("vm1")), A, 1, Nics("vm1")), Long);

        await Until(() => Gate(a) is not null && Gate(first) is not null && Gate(second) is not null);
        var gate = Gate(a)!;
        gate.Publics.ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create(Address.Parse("203.0.113.16"), new SegmentPort(new(Application, new("vm1")), 0)));
        var (active, standby) = gate.Active == Vtep(First) ? (First, Second) : (Second, First);
        gate.Standbys.ShouldBe([Vtep(standby)]);
        a.Segments[Application].Entries[SegmentGateway.PortOf(Application)].At.ShouldBe(gate.Active);
        first.Segments[Application].Entries[new(new(Application, new("vm1")), 0)].At.ShouldBe(Vtep(A));

        // The other one asks on, this one does not.
        await renewals.Stop(active);
        cluster.Clock.Advance(SegmentGateway.TakenOverAfter);
        await Until(() => Gate(a)!.Active == Vtep(standby) && Gate(first)!.Active == Vtep(standby) && Gate(second)!.Active == Vtep(standby));
        a.Segments[Application].Entries[SegmentGateway.PortOf(Application)].At.ShouldBe(Vtep(standby));
        Gate(a)!.Publics.ShouldBe(gate.Publics);

        // It stays there when the first one is back, until it is emptied itself.
        renewals.Begin(active);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        Gate(a)!.Active.ShouldBe(Vtep(standby));
        (await cluster.Grains.Site(A.Site).DrainHost(standby.Host)).Did.ShouldBeTrue();
        await Until(() => Gate(a)!.Active == Vtep(active));
    }

    [Fact]
    public async Task Public_addresses_are_refused_with_the_reason_given_when_the_wish_changes_and_free_when_the_application_is_deleted()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await OverlayAgent.Start(cluster.Grains, A, address: "192.0.2.1");
        await using var gateway = await Gateway(cluster, First, "203.0.113.16");
        await Describe(cluster, Other, ("vm1", "203.0.113.16"));
        await cluster.Grains.Segment(Other).Placed(new(new(Other, new("vm1")), A, 1, Nics("vm1")), Long);
        await UntilAsync(async () => (await cluster.Grains.Segment(Other).Publics()).Values.Any(answer => answer.Address is not null));
        await Describe(cluster, Application, ("vm1", "a"));
        await cluster.Grains.Segment(Application).Placed(new(new(Application, new("vm1")), A, 1, Nics("vm1")), Long);
        await UntilAsync(async () => (await cluster.Grains.Segment(Application).Get())!.Unreached.Any(refusal => refusal.Code == RefusalCode.PublicAddressesUsed));
        Gate(a).ShouldBeNull();

        // The VM that has it wishes for none any more; it rests, and then is the other one's.
        await Describe(cluster, Other, ("vm1", null));
        await UntilAsync(async () => (await cluster.Grains.Segment(Other).Get())!.Segment.Gateway is null);
        await Until(() => gateway.Segments.GetValueOrDefault(Other) is null);
        cluster.Clock.Advance(PublicAddresses.RestsFor + TimeSpan.FromSeconds(1));
        await Until(() => Gate(a) is { Publics.Count: 1 });
        (await cluster.Grains.Application(Application.Named).Get())!.Publics![new("vm1")].Address.ShouldBe(Address.Parse("203.0.113.16"));

        await cluster.Grains.Segment(Application).Delete();
        await Until(() => !a.Segments.ContainsKey(Application) && !gateway.Segments.ContainsKey(Application));
        await UntilAsync(async () =>
        {
            // It rests from when the last host has said that it has nothing of the network any more.
            cluster.Clock.Advance(PublicAddresses.RestsFor + TimeSpan.FromSeconds(1));
            return (await cluster.Grains.PublicAddresses().Ask(Other, Wishes("vm1", "203.0.113.16"))).Answers[new("vm1")].Address is not null;
        });
    }

    private static async Task<OverlayAgent> Gateway(Cluster cluster, HostPost host, string range)
    {
        var agent = await OverlayAgent.Start(cluster.Grains, host, address: host == First ? "192.0.2.11" : "192.0.2.12");
        await OverlayAgent.Tell(cluster.Grains, host, new(Address.Parse(host == First ? "192.0.2.11" : "192.0.2.12"), 1500) { Gateway = [PublicRange.Parse(range)] });
        return agent;
    }

    private static async Task Describe(Cluster cluster, AppId application, params (string Vm, string? Public)[] vms)
    {
        await cluster.Grains.Site(A.Site).Apply(Samples.Site("a"));
        (await cluster.Grains.Application(application.Named).Apply(Samples.View([], []).Application with
        {
            Id = application.Named,
            Vms = [.. vms.Select(vm => Samples.Vm(vm.Vm) with { Public = vm.Public is { } wish ? PublicWish.Parse(wish) : null })],
        })).Refused.ShouldBeEmpty();
    }

    private static ImmutableSortedDictionary<VmId, PublicWish> Wishes(string vm, string wish) =>
        ImmutableSortedDictionary<VmId, PublicWish>.Empty.Add(new(vm), PublicWish.Parse(wish));

    private static ImmutableArray<GuestNic> Nics(string vm) => [new(DerivedMac.Of(new(Application, new(vm)), 0), [Address.Parse("10.42.0.1")])];

    private static VtepId Vtep(HostPost host) => new(host.Site, host.Host);

    private static SegmentGateway? Gate(OverlayAgent agent) => agent.Segments.GetValueOrDefault(Application)?.Gateway;

    private static Task Until(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(Patience, "it does not come");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Gateways that ask all the time to hold their addresses.</summary>
    private sealed class Renewals(IGrainFactory grains) : IAsyncDisposable
    {
        private readonly Dictionary<HostPost, (CancellationTokenSource Over, Task Work)> asking = [];

        public void Begin(HostPost host)
        {
            var over = new CancellationTokenSource();
            asking[host] = (over, Ask(host, over.Token));
        }

        public async Task Stop(HostPost host)
        {
            var (over, work) = asking[host];
            await over.CancelAsync();
            await work;
            over.Dispose();
            asking.Remove(host);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var host in asking.Keys.ToList())
            {
                await Stop(host);
            }
        }

        private async Task Ask(HostPost host, CancellationToken over)
        {
            while (!over.IsCancellationRequested)
            {
                await grains.Agent(host).Renew();
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
