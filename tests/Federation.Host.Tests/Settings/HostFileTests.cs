using Federation.Host.Settings;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Settings;

public sealed class HostFileTests
{
    private const string Least = """
        site: rennes
        host: host1
        server: http://127.0.0.1:8080
        tokenFile: t
        state: s
        simulator: { directory: w }
        """;

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var settings = HostFile.Parse(Least, "host.yaml").Value.ShouldNotBeNull();

        settings.Post.ShouldBe(new(new("rennes"), "host1"));
        settings.Listen!.ToString().ShouldBe("127.0.0.1:9475");
        settings.BootFile.ShouldBe("/proc/sys/kernel/random/boot_id");
        settings.Size.ShouldBe(new(null, null, null));
        settings.Hypervisor.ShouldBeOfType<HypervisorChoice.Simulator>().Options.Host.ShouldBe("host1");
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var settings = HostFile.Parse(
            $"{Least}\nlisten: off\nboot: b\nsize: {{ vcpus: 16, memory: 64GiB, disk: 1TB }}\ntls: {{ authority: ca.pem, certificate: c.pem, key: k.pem }}",
            "host.yaml").Value.ShouldNotBeNull();

        settings.Listen.ShouldBeNull();
        settings.BootFile.ShouldBe("b");
        settings.Size.ShouldBe(new(16, 64L << 30, 1_000_000_000_000));
        settings.Tls.ShouldBe(new("ca.pem", "c.pem", "k.pem"));
    }

    [Fact]
    public void A_host_of_QEMU_is_used_as_its_file_says()
    {
        var options = HostFile.Parse(
            Least.Replace(
                "simulator: { directory: w }",
                "qemu: { directory: /v, address: 10.0.0.1, bridge: br0, arping: [busybox, arping], observers: true, emulate: true, programs: { x86_64: q }, ports: 4, lifeSign: 3s }",
                StringComparison.Ordinal),
            "host.yaml").Value.ShouldNotBeNull().Hypervisor.ShouldBeOfType<HypervisorChoice.Qemu>().Options;

        (options.Directory, options.Address, options.Bridge, options.HasObservers, options.Emulates, options.Ports).ShouldBe(("/v", "10.0.0.1", "br0", true, true, 4));
        options.ArpProgram.ShouldBe(["busybox", "arping"]);
        options.Programs.ShouldBe([("x86_64", "q")]);
        options.LifeSign.ShouldBe(TimeSpan.FromSeconds(3));
        options.FirstPort.ShouldBe(49_152);
    }

    [Fact]
    public void A_host_of_a_program_of_the_operators_is_used_as_its_file_says()
    {
        var options = HostFile.Parse(
            Least.Replace("simulator: { directory: w }", "plugIn: { program: /p, arguments: [a, b], environment: { K: V }, callTimeout: 5s, runTimeout: 1m }", StringComparison.Ordinal),
            "host.yaml").Value.ShouldNotBeNull().Hypervisor.ShouldBeOfType<HypervisorChoice.PlugIn>().Options;

        (options.Program, options.CallSeconds, options.RunSeconds, options.FindSeconds, options.Environment["K"]).ShouldBe(("/p", 5, 60, 2, "V"));
        options.Arguments.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void A_host_of_libvirt_is_used_as_its_file_says()
    {
        var options = HostFile.Parse(
            Least.Replace("simulator: { directory: w }", "libvirt: { directory: /v, storage: /s, peer: 'qemu+tls://h1/system', memory: 'tcp://10.0.0.1', powerDown: 5s }", StringComparison.Ordinal),
            "host.yaml").Value.ShouldNotBeNull().Hypervisor.ShouldBeOfType<HypervisorChoice.Libvirt>().Options;

        (options.Directory, options.Storage, options.Uri, options.PeerUri, options.MigrateUri)
            .ShouldBe(("/v", "/s", "qemu:///system", "qemu+tls://h1/system", "tcp://10.0.0.1"));
        options.PowerDown.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_host_of_the_overlay_is_reached_as_its_file_says()
    {
        HostFile.Parse(Least, "host.yaml").Value.ShouldNotBeNull().Network.ShouldBeNull();
        var least = HostFile.Parse($"{Least}\nnetwork: {{ address: 10.0.0.1, mtu: auto }}", "host.yaml").Value.ShouldNotBeNull().Network.ShouldNotBeNull();
        (least.Address.ToString(), least.Mtu, least.Port).ShouldBe(("10.0.0.1", null, 4789));
        (least.IsRelay, least.RelayPort, least.DirectAbove, least.Window).ShouldBe((false, 51_822, 125_000, TimeSpan.FromSeconds(30)));

        var all = HostFile.Parse($"{Least}\nnetwork: {{ address: 'fd00::1', mtu: 9000, rate: 10Gbps, port: 8472, launcher: [ip, netns, exec, h1] }}", "host.yaml").Value.ShouldNotBeNull().Network.ShouldNotBeNull();
        (all.Address.ToString(), all.Mtu, all.BytesPerSecond, all.Port).ShouldBe(("fd00::1", 9000, 1.25e9, 8472));
        all.Launcher.ShouldBe(["ip", "netns", "exec", "h1"]);
        var relay = HostFile.Parse($"{Least}\nnetwork: {{ address: 10.0.0.1, relay: true, relayPort: 51900, directAbove: 8Mbps, window: 2s }}", "host.yaml").Value.ShouldNotBeNull().Network.ShouldNotBeNull();
        (relay.IsRelay, relay.RelayPort, relay.DirectAbove, relay.Window).ShouldBe((true, 51_900, 1e6, TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData("state: s", "state: s\nnetwork: { address: '52:54:00:00:00:01' }", "is no IP address")]
    [InlineData("state: s", "state: s\nnetwork: { address: 10.0.0.1, mtu: 1300 }", "is less than 1360")]
    [InlineData("state: s", "state: s\nnetwork: { address: 10.0.0.1, relay: true, relayPort: 51821 }", "one of the two ports of 'tunnelPort'")]
    [InlineData("simulator: { directory: w }", "simulator: { directory: w }\nqemu: { directory: v }", "a host has one hypervisor")]
    [InlineData("simulator: { directory: w }", "qemu: { directory: v, address: here }", "is no IP address")]
    [InlineData("simulator: { directory: w }", "qemu: { directory: 'a,b' }", "has a comma")]
    [InlineData("simulator: { directory: w }", "", "names no hypervisor")]
    [InlineData("host: host1", "host: self", "is no name for a host that has an agent")]
    [InlineData("server: http://127.0.0.1:8080", "server: ftp://a", "is no http or https address")]
    [InlineData("state: s", "state: s\nlisten: 0.0.0.0:9475", "is open to other hosts")]
    [InlineData("state: s", "state: s\nsize: { memory: 0GiB }", "is not more than zero")]
    [InlineData("state: s", "state: s\ntls: { authority: a, key: k }", "has one of certificate and key without the other")]
    [InlineData("state: s", "state: s\nstatee: s", "is an unknown key")]
    public void What_is_wrong_is_said(string right, string wrong, string said) =>
        HostFile.Parse(Least.Replace(right, wrong, StringComparison.Ordinal), "host.yaml").Faults.ShouldContain(fault => fault.Problem.Contains(said, StringComparison.Ordinal));
}
