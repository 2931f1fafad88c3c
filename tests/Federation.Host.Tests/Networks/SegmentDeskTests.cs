using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Networks;
using Federation.Host.Tests.Making;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Networks;

public sealed class SegmentDeskTests : IDisposable
{
    private const int Vni = 42;

    private static readonly VtepId Here = new(new("rennes"), "host1");
    private static readonly VtepId There = new(new("lyon"), "host9");
    private static readonly AppId Application = Orders.Vm(1).Application;
    private static readonly MigrationId Move = MigrationId.Parse("astro/cg.1.1.1");
    private static readonly Address Mac = Address.Parse("52:54:00:00:00:01");

    private readonly FakeTimeProvider clock = new();
    private readonly TrialPlumber plumber = new();
    private readonly TrialDriver driver = new();
    private readonly MemoryFiles files = new();
    private SegmentDesk desk;
    private NetworkedDriver networked;

    public SegmentDeskTests()
    {
        desk = Desk();
        networked = new(driver, desk, NullLogger.Instance);
    }

    public void Dispose() => desk.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_revision_is_told_as_known_only_when_all_of_it_is_in_force()
    {
        await desk.Begin(Cancel);
        await Take(All(3, Entry(1, Here)));
        (await desk.Known(Cancel))[Application.Key].ShouldBe(0, "nothing is known yet of the copies here");
        plumber.Rules.ShouldBeEmpty();

        await networked.Find(Cancel);
        (await desk.Known(Cancel))[Application.Key].ShouldBe(3);

        plumber.Fault = "no space";
        (await Take(News(3, 4, Entry(2, There)))).ShouldBeFalse();
        (await desk.Known(Cancel))[Application.Key].ShouldBe(0);

        plumber.Fault = null;
        (await Take()).ShouldBeTrue();
        (await desk.Known(Cancel))[Application.Key].ShouldBe(4);
        plumber.Rules[Vni].Tunnels.Count.ShouldBe(1);
    }

    [Fact]
    public async Task News_that_follow_another_revision_are_not_put_on_the_one_that_is_here()
    {
        await Begin(All(3, Entry(1, Here)));
        await Take(News(7, 8, Entry(2, There)));
        (await desk.Known(Cancel))[Application.Key].ShouldBe(0);
        plumber.Rules[Vni].Tunnels.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_earlier_run_left_is_asked_for_and_left_alone_until_the_service_says_what_becomes_of_it()
    {
        plumber.Found = [new(Vni, Application.Key)];
        await desk.Begin(Cancel);
        await networked.Find(Cancel);
        (await desk.Known(Cancel)).ShouldBe(new Dictionary<string, long> { [Application.Key] = 0 });
        plumber.Done.ShouldBe(["begin"]);

        await Take(All(0, []) with { Leaves = true });
        plumber.Done.ShouldBe(["begin", $"remove {Vni}"]);
        (await desk.Known(Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_VM_starts_once_its_segment_is_here_and_on_the_segments_bridge()
    {
        await Begin();
        var start = networked.Start(Guest(), Cancel);
        await Take(All(1, Entry(2, There)));
        start.IsCompleted.ShouldBeFalse();
        await Take(News(1, 2, Entry(1, null)));
        await start;

        driver.Started!.Nics.Single().Bridge.ShouldBe("fb00002a");
    }

    [Fact]
    public async Task A_VM_whose_segment_does_not_come_is_not_started_and_it_is_said_why()
    {
        await Begin();
        var start = networked.Start(Guest(), Cancel);
        clock.Advance(SegmentDesk.Patience);
        (await Should.ThrowAsync<DriverException>(start)).Message.ShouldBe("the service has not told host rennes/host1 within 10 s where astro/cg/vm1 is on the network of astro/cg");
        driver.Done.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_source_is_switched_only_once_what_comes_for_it_is_sent_on()
    {
        await Begin(All(1, Entry(1, Here) with { Next = There }));
        driver.Put(new(Orders.Vm(1), GuestState.Running, new(Move)) { Taps = ["fv1"] });
        await networked.Find(Cancel);
        plumber.Rules[Vni].Ports[Mac].ShouldBe("fv1");

        driver.Put(new(Orders.Vm(1), GuestState.AtSwitch, new(Move)) { Taps = ["fv1"] });
        driver.Before = (what, _) => Task.FromResult(plumber.Rules[Vni].Forwarded.ShouldHaveSingleItem(what));
        await networked.Switch(Move, Orders.Vm(1), Cancel);
        driver.Done.ShouldBe(["Switch vm1"]);

        plumber.Fault = "no space";
        await Should.ThrowAsync<DriverException>(() => networked.Switch(Move, Orders.Vm(1), Cancel));
        driver.Done.ShouldBe(["Switch vm1"]);

        // The move is taken back: what comes for it comes to it again.
        plumber.Fault = null;
        driver.Put(new(Orders.Vm(1), GuestState.Running, new(Move)) { Taps = ["fv1"] });
        await networked.Cancel(Move, Orders.Vm(1), Cancel);
        (plumber.Rules[Vni].Ports[Mac], plumber.Rules[Vni].Forwarded.Count).ShouldBe(("fv1", 0));
    }

    [Fact]
    public async Task A_destination_is_told_as_complete_and_run_only_once_frames_for_it_come_here()
    {
        await Begin(All(1, Entry(1, There) with { Next = Here }));
        driver.Put(new(Orders.Vm(1), GuestState.Receiving, new(Move)) { Taps = ["fv1"] });
        await networked.Find(Cancel);
        (plumber.Rules[Vni].Ports[Mac], plumber.Rules[Vni].Awaited[Mac]).ShouldBe(("fx00002a", "fv1"));

        plumber.Fault = "no space";
        driver.Put(new(Orders.Vm(1), GuestState.Received, new(Move)) { Taps = ["fv1"] });
        var told = (await networked.Find(Cancel)).Single();
        (told.State, told.Remark).ShouldBe((GuestState.Receiving, "it is complete, and its network is not in force here: no space"));
        (await Should.ThrowAsync<DriverException>(() => networked.Run(Orders.Vm(1), Cancel))).Message.ShouldContain("no space");
        driver.Done.ShouldBeEmpty();

        plumber.Fault = null;
        (await networked.Find(Cancel)).Single().State.ShouldBe(GuestState.Received);
        plumber.Rules[Vni].Ports[Mac].ShouldBe("fv1");
        await networked.Run(Orders.Vm(1), Cancel);
        driver.Done.ShouldBe(["Run vm1"]);
    }

    [Fact]
    public async Task A_source_that_does_not_answer_any_more_goes_on_sending_on()
    {
        await Begin(All(1, Entry(1, Here) with { Next = There }));
        foreach (var state in (GuestState[])[GuestState.AtSwitch, GuestState.Silent])
        {
            driver.Put(new(Orders.Vm(1), state, new(Move)) { Taps = ["fv1"] });
            await networked.Find(Cancel);
            plumber.Rules[Vni].Forwarded.ShouldBe([Mac]);
        }
    }

    [Fact]
    public async Task A_source_that_was_cleared_goes_on_sending_on_until_the_service_has_the_VM_elsewhere()
    {
        await Begin(All(1, Entry(1, Here) with { Next = There }));
        driver.Put(new(Orders.Vm(1), GuestState.Sent, new(Move)) { Taps = ["fv1"] });
        await networked.Find(Cancel);
        await networked.Stop(Orders.Vm(1), Cancel);
        (plumber.Rules[Vni].Forwarded.Single(), plumber.Rules[Vni].Guarded.Count).ShouldBe((Mac, 0));

        await Take(News(1, 2, Entry(1, There)));
        plumber.Rules[Vni].Forwarded.ShouldBeEmpty();
        await Take(News(2, 3, Entry(1, Here) with { Next = There }));
        await networked.Find(Cancel);
        plumber.Rules[Vni].Forwarded.ShouldBeEmpty("it is another move, of a copy that was never seen here");
    }

    [Fact]
    public async Task A_source_that_was_cleared_goes_on_sending_on_after_a_restart_of_the_agent()
    {
        var before = All(1, Entry(1, Here) with { Next = There });
        await Begin(before);
        driver.Put(new(Orders.Vm(1), GuestState.Sent, new(Move)) { Taps = ["fv1"] });
        await networked.Find(Cancel);

        // It is cleared while there is no agent.
        desk.Dispose();
        await driver.Stop(Orders.Vm(1), Cancel);
        await Restart(before);
        plumber.Rules[Vni].Forwarded.ShouldBe([Mac]);

        // Once the service has the VM elsewhere it says what is sent on, and a later move is another one.
        await Take(News(1, 2, Entry(1, There)));
        desk.Dispose();
        await Restart(All(3, Entry(1, Here) with { Next = There }));
        plumber.Rules[Vni].Forwarded.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_VM_that_has_died_here_is_not_taken_for_one_that_was_sent()
    {
        var before = All(1, Entry(1, Here) with { Next = There });
        await Begin(before);
        driver.Put(new(Orders.Vm(1), GuestState.Sent, new(Move)) { Taps = ["fv1"] });
        await networked.Find(Cancel);

        // The move was taken back, and the VM ran here before it died.
        driver.Put(new(Orders.Vm(1), GuestState.Running, new(Move)) { Taps = ["fv1"] });
        await networked.Find(Cancel);
        desk.Dispose();
        await driver.Stop(Orders.Vm(1), Cancel);
        await Restart(before);
        plumber.Rules[Vni].Forwarded.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_is_full_keeps_no_source_from_sending_on()
    {
        await Begin(All(1, Entry(1, Here) with { Next = There }));
        files.IsFull = true;
        driver.Put(new(Orders.Vm(1), GuestState.Sent, new(Move)) { Taps = ["fv1"] });
        await networked.Find(Cancel);
        plumber.Rules[Vni].Forwarded.ShouldBe([Mac]);
    }

    [Fact]
    public async Task What_was_seen_earlier_does_not_undo_what_was_seen_later()
    {
        await Begin(All(1, Entry(1, Here) with { Next = There }));
        var (early, late) = (desk.BeginLook(), desk.BeginLook());
        await desk.See(late, [new(Orders.Vm(1), GuestState.AtSwitch) { Taps = ["fv1"] }], Cancel);
        await desk.See(early, [new(Orders.Vm(1), GuestState.Running) { Taps = ["fv1"] }], Cancel);
        plumber.Rules[Vni].Forwarded.ShouldBe([Mac]);
    }

    [Fact]
    public async Task The_kernel_is_not_looked_at_anew_while_a_VM_moves_from_or_to_here()
    {
        await Begin(All(1, Entry(1, Here) with { Next = There }));
        await LookLater();
        await Take(News(1, 2, Entry(1, There) with { Next = Here }));
        await LookLater();
        plumber.Done.ShouldNotContain($"doubt {Vni}");

        // One that moves between others is none of this host's.
        await Take(News(2, 3, Entry(1, There) with { Next = new(new("nancy"), "host3") }));
        await LookLater();
        plumber.Done.ShouldContain($"doubt {Vni}");

        Task LookLater()
        {
            clock.Advance(TimeSpan.FromSeconds(31));
            return networked.Find(Cancel);
        }
    }

    [Fact]
    public async Task VMs_without_network_interfaces_need_no_segment()
    {
        await Begin();
        await networked.Start(Orders.Guest(1), Cancel);
        driver.Put(new(Orders.Vm(2), GuestState.Received));
        (await networked.Find(Cancel)).Select(guest => guest.State).ShouldBe([GuestState.Running, GuestState.Received]);
        await networked.Run(Orders.Vm(2), Cancel);
    }

    private SegmentDesk Desk() => new(
        Here, plumber, new(_ => throw new IOException("no tap"), clock, NullLogger.Instance), new(files, NullLogger.Instance), clock, NullLogger.Instance);

    // Another run of the agent over the same files.
    private async Task Restart(SegmentUpdate told)
    {
        desk = Desk();
        networked = new(driver, desk, NullLogger.Instance);
        await Begin(told);
    }

    private static GuestSpec Guest() => Orders.Guest(1) with { Nics = [new(Mac.ToString(), [])] };

    private static SegmentEntry Entry(int vm, VtepId? at) => new(new(Orders.Vm(vm), 0), Address.Parse($"52:54:00:00:00:{vm:x2}"), [Address.Parse($"10.1.0.{vm}")], 1, 1, at);

    private static SegmentUpdate All(long revision, params SegmentEntry[] entries) => News(0, revision, entries) with
    {
        Peers = [new(Here, Address.Parse("10.0.0.1")), new(There, Address.Parse("10.0.9.1"))],
    };

    private static SegmentUpdate News(long since, long revision, params SegmentEntry[] entries) =>
        new(Application, since, revision, Vni, 1420, Subnet.Parse("10.1.0.0/16"), [.. entries], [], [], []);

    private Task<bool> Take(params SegmentUpdate[] updates) => desk.Take(new([.. updates]), Cancel);

    private async Task Begin(params SegmentUpdate[] updates)
    {
        await desk.Begin(Cancel);
        await networked.Find(Cancel);
        await Take(updates);
    }
}
