using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Orleans.Core.Internal;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class AgentGrainTests
{
    private static readonly VmRef Vm = new(AppId.Parse("astro/cg.1"), new("vm1"));
    private static readonly HostPost Here = new(new("a"), "h1");
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private static readonly Guid Run = Guid.NewGuid();

    [Fact]
    public async Task An_order_is_handed_out_until_it_is_answered_and_its_answer_comes_after_the_state_it_left()
    {
        await using var cluster = await Cluster.Start();
        var agent = cluster.Grains.Agent(Here);
        var waiting = agent.Orders(Guid.Empty, 0, Long);
        var ordered = agent.Do(Stop("a", 1), Long);
        var first = await waiting;
        first.Orders.ShouldBe([Stop("a", 1)]);

        // The answer to the question was lost: it is asked again.
        (await agent.Orders(Guid.Empty, 0, Long)).Orders.ShouldBe([Stop("a", 1)]);
        (await agent.Orders(first.Mailbox, first.Last, TimeSpan.Zero)).Orders.ShouldBeEmpty();
        await agent.Report(Report(1, Run, [Copy(GuestState.Running, 1)], new HostAnswer("a", HostOutcome.Failed, "why")));

        (await ordered).Answer.ShouldBe(new HostAnswer("a", HostOutcome.Failed, "why"));
        (await agent.Watch(Vm, 0, TimeSpan.Zero)).Guest.ShouldBe(Copy(GuestState.Running, 1));
        (await agent.Orders(Guid.Empty, 0, TimeSpan.Zero)).Orders.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_order_that_no_agent_has_asked_for_is_taken_back_and_one_that_was_handed_out_may_be_done_yet()
    {
        await using var cluster = await Cluster.Start();
        var agent = cluster.Grains.Agent(Here);
        (await agent.Do(Stop("a", 1), TimeSpan.Zero)).ShouldBe(new OrderResult(null, false));
        (await agent.Orders(Guid.Empty, 0, TimeSpan.Zero)).Orders.ShouldBeEmpty();

        var handed = agent.Orders(Guid.Empty, 0, Long);
        var ordered = agent.Do(Stop("b", 1), TimeSpan.FromSeconds(1));
        (await handed).Orders.Length.ShouldBe(1);
        (await ordered).ShouldBe(new OrderResult(null, true));
    }

    [Fact]
    public async Task What_an_order_came_to_is_thrown_at_who_ordered_with_whether_it_may_be_done_yet()
    {
        await using var cluster = await Cluster.Start();
        var agent = cluster.Grains.Agent(Here);
        (await Should.ThrowAsync<HypervisorException>(() => Order(cluster, "a", TimeSpan.Zero))).IsOutcomeUnknown.ShouldBeFalse();

        var handed = agent.Orders(Guid.Empty, 0, Long);
        var unanswered = Order(cluster, "b", TimeSpan.FromSeconds(1));
        await handed;
        (await Should.ThrowAsync<HypervisorException>(() => unanswered)).IsOutcomeUnknown.ShouldBeTrue();

        var refused = Order(cluster, "c", Long);
        await agent.Orders(Guid.Empty, 0, Long);
        await agent.Report(Report(1, Run, [], new HostAnswer("c", HostOutcome.Refused, "epoch 1 is older than 2")));
        var fault = await Should.ThrowAsync<HypervisorException>(() => refused);
        fault.IsOutcomeUnknown.ShouldBeFalse();
        fault.Message.ShouldBe("host a/h1: epoch 1 is older than 2");
    }

    [Fact]
    public async Task Who_watches_a_VM_is_woken_by_its_change_and_by_no_others()
    {
        await using var cluster = await Cluster.Start();
        var agent = cluster.Grains.Agent(Here);
        (await agent.Watch(Vm, 0, TimeSpan.Zero)).ShouldSatisfyAllConditions(
            view => view.Guest.ShouldBeNull(), view => view.ReportedAt.ShouldBeNull(), view => view.IsHeard.ShouldBeFalse(), view => view.Stamp.ShouldNotBe(0));
        await agent.Report(Report(1, Run, []));
        var none = await agent.Watch(Vm, 0, TimeSpan.Zero);
        none.ReportedAt.ShouldNotBeNull();

        var watching = agent.Watch(Vm, none.Stamp, Long);
        await agent.Report(Report(2, Run, [Copy(GuestState.Running, 1, "vm2")]));
        watching.IsCompleted.ShouldBeFalse();
        await agent.Report(Report(3, Run, [Copy(GuestState.Receiving, 1)]));

        var view = await watching;
        view.Guest.ShouldBe(Copy(GuestState.Receiving, 1));
        (await agent.Watch(Vm, none.Stamp, TimeSpan.Zero)).ShouldBe(view);
        await agent.Report(Report(4, Run, []));
        (await agent.Watch(Vm, view.Stamp, Long)).Guest.ShouldBeNull();
    }

    [Fact]
    public async Task A_report_that_comes_late_changes_nothing()
    {
        await using var cluster = await Cluster.Start();
        var agent = cluster.Grains.Agent(Here);
        var next = Guid.NewGuid();
        await agent.Report(Report(2, Run, [Copy(GuestState.Running, 1)]));
        await agent.Report(Report(1, Run, []));
        (await agent.Watch(Vm, 0, TimeSpan.Zero)).Guest.ShouldNotBeNull();

        // Another run of the agent counts anew, and what was on its way from the one before is late whatever its number.
        await agent.Report(Report(1, next, []));
        await agent.Report(Report(3, Run, [Copy(GuestState.Running, 1)]));
        (await agent.Watch(Vm, 0, TimeSpan.Zero)).Guest.ShouldBeNull();
    }

    [Fact]
    public async Task A_copy_that_runs_with_an_old_epoch_of_a_VM_that_another_host_owns_is_ordered_to_stop()
    {
        await using var cluster = await Cluster.Start();
        var agent = cluster.Grains.Agent(Here);
        await OwnedBy(cluster, "b", "h9");

        await agent.Report(Report(1, Run, [Copy(GuestState.Running, 1)]));

        var orders = await agent.Orders(Guid.Empty, 0, Long);
        orders.Orders.ShouldHaveSingleItem().ShouldBeOfType<HostOrder.Stop>().ShouldSatisfyAllConditions(
            stop => stop.Vm.ShouldBe(Vm), stop => stop.Epoch.ShouldBe(2));
        await agent.Report(Report(2, Run, [], new HostAnswer(orders.Orders[0].Operation, HostOutcome.Done)));
    }

    [Theory]
    [InlineData("a", "h1", 1, GuestState.Running)]
    [InlineData("b", "h9", 2, GuestState.Running)]
    [InlineData("b", "h9", 1, GuestState.Sent)]
    public async Task The_owners_copy_one_of_the_newest_epoch_and_one_that_a_migration_may_fall_back_to_are_left_alone(string site, string host, long epoch, GuestState state)
    {
        await using var cluster = await Cluster.Start();
        var agent = cluster.Grains.Agent(Here);
        await OwnedBy(cluster, site, host);

        await agent.Report(Report(1, Run, [Copy(state, epoch)]));

        (await agent.Orders(Guid.Empty, 0, TimeSpan.FromSeconds(1))).Orders.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_copy_that_stands_still_and_that_nobody_has_fallen_back_to_is_stopped_in_the_end()
    {
        await using var cluster = await Cluster.Start();
        var agent = cluster.Grains.Agent(Here);
        await OwnedBy(cluster, "b", "h9");
        await agent.Report(Report(1, Run, [Copy(GuestState.Sent, 1)]));
        (await agent.Orders(Guid.Empty, 0, TimeSpan.FromSeconds(1))).Orders.ShouldBeEmpty();
        cluster.Clock.Advance(Hosts.StrayCopies.LeftToMigrations);

        await agent.Report(Report(2, Run, [Copy(GuestState.Sent, 1)]));

        (await agent.Orders(Guid.Empty, 0, Long)).Orders.ShouldHaveSingleItem().ShouldBeOfType<HostOrder.Stop>();
    }

    [Theory]
    [InlineData("a", "h1", false)]
    [InlineData("b", "h9", true)]
    public async Task What_is_left_of_a_VM_that_is_gone_is_cleared_unless_the_VM_belongs_there(string site, string host, bool isCleared)
    {
        await using var cluster = await Cluster.Start();
        var agent = cluster.Grains.Agent(Here);
        await OwnedBy(cluster, site, host);

        await agent.Report(Report(1, Run, []) with { Remains = [Vm] });

        var orders = await agent.Orders(Guid.Empty, 0, isCleared ? Long : TimeSpan.FromSeconds(1));
        orders.Orders.OfType<HostOrder.Stop>().Select(stop => (stop.Vm, stop.Epoch)).ShouldBe(isCleared ? [(Vm, 2L)] : []);
    }

    [Fact]
    public async Task Whoever_knows_another_mailbox_is_told_at_once_that_this_one_is_new()
    {
        await using var cluster = await Cluster.Start();
        var agent = cluster.Grains.Agent(Here);
        var known = (await agent.Orders(Guid.Empty, 0, TimeSpan.Zero)).Mailbox;
        var waiting = agent.Orders(known, 0, Long);

        var told = agent.Orders(Guid.NewGuid(), 7, Long);

        (await Task.WhenAny(waiting, told)).ShouldBe(told);
        (await told).ShouldSatisfyAllConditions(orders => orders.Mailbox.ShouldBe(known), orders => orders.Orders.ShouldBeEmpty(), orders => orders.Last.ShouldBe(0));
    }

    [Fact]
    public async Task A_mailbox_that_leaves_ends_the_waiting_there_at_once()
    {
        await using var cluster = await Cluster.Start();
        var (agent, other) = (cluster.Grains.Agent(Here), cluster.Grains.Agent(Here with { Host = "h2" }));
        var first = (await agent.Orders(Guid.Empty, 0, TimeSpan.Zero)).Mailbox;
        var waiting = agent.Orders(first, 0, Long);
        var watching = agent.Watch(Vm, (await agent.Watch(Vm, 0, TimeSpan.Zero)).Stamp, Long);
        var stays = other.Orders(Guid.Empty, 0, Long / 2);

        await agent.AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);

        (await Task.WhenAny(Task.WhenAll(waiting, watching), stays)).ShouldNotBe(stays);
        (await agent.Orders(first, 0, Long)).Mailbox.ShouldNotBe(first);
    }

    // By its second epoch.
    private static async Task OwnedBy(Cluster cluster, string site, string host)
    {
        var vm = cluster.Grains.Vm(Vm);
        await vm.NextEpoch("start");
        await vm.SetLocation(Samples.At(site), await vm.NextEpoch("move"));
        await vm.RunsOnHost(host);
    }

    private static Task<HostAnswer> Order(Cluster cluster, string operation, TimeSpan longest) =>
        cluster.Grains.Order(Here, Stop(operation, 1), longest, TimeProvider.System, TestContext.Current.CancellationToken);

    private static HostOrder.Stop Stop(string operation, long epoch) => new(operation, Vm, epoch);

    private static HostGuest Copy(GuestState state, long epoch, string vm = "vm1") => new(new GuestSighting(Vm with { Vm = new(vm) }, state), epoch);

    private static HostReport Report(long number, Guid run, HostGuest[] guests, params HostAnswer[] answers) => new(
        new HostFacts(4, 1 << 30, 1 << 30, new HypervisorFacts { Driver = "test", Version = "1" }, "1", "boot"), [.. guests], [.. answers], number, run);
}
