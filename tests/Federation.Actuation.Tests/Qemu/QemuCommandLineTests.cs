using CsCheck;
using Federation.Actuation.Qemu;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Actuation.Tests.Qemu;

public sealed class QemuCommandLineTests
{
    private static readonly GuestRecord Record = new()
    {
        Guest = PagesGuest.Spec("vm1") with { Kernel = null, Hardware = new("x86_64", "pc-i440fx-7.2", "qemu64"), Nics = [new("52:54:00:00:00:09", [])], UserData = "secret" },
    };

    [Fact]
    public void An_emulated_VM_has_at_least_the_memory_that_it_asks_for_little_more_and_never_a_multiple_of_256_KiB() =>
        Gen.Long[1, 1L << 40].Sample(asked =>
        {
            var given = QemuCommandLine.Memory(asked, isEmulated: true);
            (given % (256 << 10)).ShouldNotBe(0);
            (given - asked).ShouldBeInRange(0, 16 << 10);
            (given % (8 << 10)).ShouldBe(0);
            // The destination is told what the source has, and gives the same.
            QemuCommandLine.Memory(given, isEmulated: true).ShouldBe(given);
        });

    [Fact]
    public void A_VM_that_is_received_waits_for_its_source_and_does_not_run_and_is_called_as_its_source_for_the_rest()
    {
        var source = Words(Record);
        var destination = Words(Record with { ReceivedBy = QemuLab.Move });
        destination.Except(source).ShouldBe(["-S", "-incoming", "defer"]);
        source.Except(destination).ShouldBeEmpty();
        Words(Record with { ReceivedBy = QemuLab.Move, IsLive = false }).Except(source).ShouldBe(["-S"]);
    }

    [Fact]
    public void A_VM_is_told_the_longest_packet_of_a_bridge_that_the_agent_names()
    {
        var named = Record with { Guest = Record.Guest with { Nics = [new("52:54:00:00:00:09", []) { Bridge = "fb00002a", Mtu = 1370 }] } };
        Words(named).Except(Words(Record)).ShouldBe(["virtio-net-pci,netdev=net0,mac=52:54:00:00:00:09,romfile=,host_mtu=1370"]);
        Sightings.Of(named, null).Taps.ShouldBe([QemuCommandLine.Tap(named.Guest.Vm, 0)]);
    }

    [Fact]
    public void Nothing_secret_is_on_the_command_line() => Words(Record with { HasSeed = true }).ShouldAllBe(word => !word.Contains("secret", StringComparison.Ordinal));

    [Fact]
    public void Names_of_folders_and_taps_are_short_and_each_VMs_own() =>
        Gen.String[Gen.Char.AlphaNumeric, 1, 60].Array[2].Where(names => names[0] != names[1]).Sample(names =>
        {
            var vms = names.Select(name => VmRef.Parse($"astro/cg.1/{name}")).ToArray();
            QemuCommandLine.Tap(vms[0], 0).Length.ShouldBeLessThanOrEqualTo(15);
            QemuCommandLine.Tap(vms[0], 0).ShouldNotBe(QemuCommandLine.Tap(vms[1], 0));
            QemuCommandLine.Tap(vms[0], 0).ShouldNotBe(QemuCommandLine.Tap(vms[0], 1));
            var folder = GuestFolder.Of("/" + new string('d', 59), vms[0]);
            folder.Path.ShouldNotBe(GuestFolder.Of("/" + new string('d', 59), vms[1]).Path);
            // What a socket's name may have.
            folder.Observer.Length.ShouldBeLessThan(108 - "/vms".Length);
        });

    [Theory]
    [InlineData("tcp:10.0.0.2:49152")]
    [InlineData("tcp:[fd00::2]:49152")]
    public void A_target_reads_back_as_it_was_written(string text) => NetworkTarget.Parse(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData("nowhere")]
    [InlineData("tcp:host:1")]
    [InlineData("tcp:10.0.0.2")]
    [InlineData("exec:rm")]
    public void A_target_of_another_form_is_refused(string text) => Should.Throw<DriverException>(() => NetworkTarget.Parse(text));

    private static string[] Words(GuestRecord record) => [.. QemuCommandLine.Of(record, GuestFolder.Of("/f", record.Guest.Vm), image => image.Name, isEmulated: true, new() { Directory = "/f" })];
}
