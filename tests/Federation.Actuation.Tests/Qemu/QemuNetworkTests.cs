using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Actuation.Tests.Qemu;

public sealed class QemuNetworkTests
{
    private static readonly VmRef Vm = VmRef.Parse("astro/cg.1/vm1");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_VM_has_moved_once_its_address_answers_at_its_destination_and_not_before()
    {
        await using var net = await new NamespacePair().Up();
        await using var lab = new QemuLab(net.OfA, net.OfB);
        var guest = await lab.Start(PagesGuest.Spec("vm1", "ip=10.77.0.9") with { Nics = [new("52:54:00:00:00:09", [Address.Parse("10.77.0.9")])] });
        await lab.Begin(guest, new());
        await lab.Finish(Vm);
        await lab.B.Driver.Run(Vm, Cancel);

        var mute = PagesGuest.Spec("vm2", "ip=10.77.0.8") with { Nics = [new("52:54:00:00:00:08", [Address.Parse("10.77.0.7")])] };
        await lab.Start(mute);
        await lab.Begin(mute, new());
        await lab.Finish(mute.Vm);
        var fault = await Should.ThrowAsync<DriverException>(() => lab.B.Driver.Run(mute.Vm, Cancel));
        fault.Message.ShouldContain("10.77.0.7");
        (await lab.B.See(mute.Vm))!.State.ShouldBe(GuestState.Running);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_VM_that_dies_while_it_is_waited_for_to_answer_is_waited_for_no_longer()
    {
        await using var net = await new NamespacePair().Up();
        await using var lab = new QemuLab(net.OfA, options => net.OfB(options) with { LifeSign = TimeSpan.FromHours(1) });
        var mute = await lab.Start(PagesGuest.Spec("vm1", "ip=10.77.0.8") with { Nics = [new("52:54:00:00:00:08", [Address.Parse("10.77.0.7")])] });
        await lab.Begin(mute, new());
        await lab.Finish(Vm);
        var run = lab.B.Driver.Run(Vm, Cancel);
        await lab.B.Until(Vm, GuestState.Running);

        await lab.B.Crash(Vm);

        await Should.ThrowAsync<DriverException>(() => run);
        (await lab.B.Driver.Find(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_VM_is_put_on_the_bridge_that_the_agent_names_with_the_longest_packet_of_it_and_asked_there_whether_it_lives()
    {
        await using var net = await new NamespacePair().Up();
        await using var lab = new QemuLab(options => net.OfA(options) with { Bridge = null }, options => net.OfB(options) with { Bridge = null });
        var guest = await lab.Start(PagesGuest.Spec("vm1", "ip=10.77.0.9") with
        {
            Nics = [new("52:54:00:00:00:09", [Address.Parse("10.77.0.9")]) { Bridge = "br0", Mtu = 1370 }],
        });
        var tap = (await lab.A.See(Vm))!.Taps.ShouldHaveSingleItem();
        (await net.InA("cat", $"/sys/class/net/{tap}/mtu", $"/sys/class/net/{tap}/master/address")).ShouldBe($"1370\n{await net.BridgeOfA()}\n");

        await lab.Begin(guest, new());
        await lab.Finish(Vm);
        await lab.B.Driver.Run(Vm, Cancel);
        (await lab.B.See(Vm))!.State.ShouldBe(GuestState.Running);
        (await lab.B.See(Vm))!.Taps.ShouldBe([tap]);
    }

    [Fact]
    public async Task A_VM_that_comes_to_a_bridge_does_not_change_the_bridges_own_hardware_address()
    {
        await using var net = await new NamespacePair().Up();
        await using var lab = new QemuLab(net.OfA, net.OfB);
        var before = await net.BridgeOfA();
        await lab.Start(PagesGuest.Spec("vm1") with { Nics = [new("02:00:00:00:00:01", [])] });
        (await net.BridgeOfA()).ShouldBe(before);
    }

    [Fact]
    public async Task A_VM_whose_QEMU_hangs_in_a_cut_link_runs_on_once_its_move_is_cancelled()
    {
        await using var net = await new NamespacePair().Up();
        await using var lab = new QemuLab(net.OfA, net.OfB);
        var guest = await lab.Start(PagesGuest.Spec("vm1"));
        // All is left for the switch: more than the network's buffers take.
        await lab.Begin(guest, new() { BytesPerSecond = 2 << 20, DowntimeSeconds = 60 });
        await lab.A.Until(Vm, GuestState.AtSwitch);
        await net.Cut();
        await lab.A.Driver.Switch(QemuLab.Move, Vm, Cancel);
        await lab.A.Until(Vm, GuestState.Silent);

        await lab.A.Driver.Cancel(QemuLab.Move, Vm, Cancel);
        (await lab.A.See(Vm))!.State.ShouldBe(GuestState.Running);
        await lab.A.UntilItBeats(Vm);
        await lab.B.Driver.Cancel(QemuLab.Move, Vm, Cancel);
        (await lab.B.See(Vm)).ShouldBeNull();
    }
}
