using Federation.Domain.Identity;
using Federation.Sensor.Discovery;
using Federation.Sensor.Settings;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Settings;

public sealed class SensorFileTests
{
    private const string Whole = """
        sensor: host1
        server: https://placement.example:8443, https://other.example:8443
        tls: { authority: /etc/federation/ca.pem, certificate: /etc/federation/host1.pem, key: /etc/federation/host1.key }
        tokenFile: /etc/federation/sensor.token
        state: /var/lib/federation-sensor
        listen: "127.0.0.1:9500"
        capture: { bridge: br0, uplink: eth0, backend: ring, capacity: 1000, sample: 2s, inner: true }
        vms:
          - { application: cg, vm: vm1, addresses: ["52:54:00:00:00:01", 10.42.0.1], tap: vnet0 }
        discover: { service: 5s, libvirt: { uri: "qemu:///session", every: 20s, separator: "--" } }
        fileServers: [10.42.0.250]
        sentOutside: false
        spool: { size: 64MiB }
        batch: 100
        """;

    [Fact]
    public void Everything_that_can_be_said_is_read()
    {
        var settings = SensorFile.Parse(Whole, "sensor.yaml").Value.ShouldNotBeNull();
        settings.Sensor.ShouldBe("host1");
        settings.Servers.ShouldBe([new Uri("https://placement.example:8443"), new Uri("https://other.example:8443")]);
        settings.Tls.ShouldBe(new TlsFiles("/etc/federation/ca.pem", "/etc/federation/host1.pem", "/etc/federation/host1.key"));
        settings.Listen!.ToString().ShouldBe("127.0.0.1:9500");
        settings.Capture.Kind.ShouldBe(CaptureKind.Bridge);
        settings.Capture.Interfaces.ShouldBe(["br0"]);
        (settings.Capture.BridgeUplink, settings.Capture.Backend, settings.Capture.Sample).ShouldBe(("eth0", "ring", TimeSpan.FromSeconds(2)));
        settings.Capture.Options.Inner.ShouldBeTrue();
        settings.Vms.Single().Vm.ShouldBe(VmRef.Parse("cg/vm1"));
        settings.Vms.Single().Addresses.ShouldBe([Address.Parse("52:54:00:00:00:01"), Address.Parse("10.42.0.1")]);
        settings.AskService.ShouldBe(TimeSpan.FromSeconds(5));
        settings.Libvirt.ShouldBe(new LibvirtSettings("qemu:///session", TimeSpan.FromSeconds(20), "--"));
        settings.FileServers.ShouldBe([Address.Parse("10.42.0.250")]);
        (settings.SentOutside, settings.SpoolBytes, settings.BatchSize).ShouldBe((false, 64L << 20, 100));
    }

    [Fact]
    public void All_faults_are_told_at_once_with_what_would_be_right()
    {
        const string text = """
            sensor: host 1
            server: http://fine.example,placement.example
            tls: { authority: /a, key: /k }
            tokenFile: /t
            state: /s
            listen: 0.0.0.0:9474
            capture: { taps: [vnet*], bridge: br0, backend: magic }
            vms: [{ application: cg, vm: vm1 }, { application: cg, vm: vm1, addresses: [10.0.0.1] }]
            discovery: {}
            batch: 0
            """;
        var faults = SensorFile.Parse(text, "sensor.yaml").Faults.Select(fault => fault.ToString()).ToList();
        faults.Count.ShouldBe(10);
        string[] parts =
        [
            "sensor: 'host 1' is no name", "server: 'http://fine.example,placement.example' is no http or https address", "is open to other hosts",
            "frames would be counted twice", "'magic' is no backend", "is missing, and so is 'tap'", "is there twice", "has one of certificate and key without the other",
            "the nearest known one is 'discover'", "batch: '0'",
        ];
        foreach (var part in parts)
        {
            faults.ShouldContain(fault => fault.Contains(part), part);
        }
    }

    [Fact]
    public void A_sensor_without_VMs_and_without_anyone_to_ask_is_a_fault() => SensorFile.Parse(
        "{ sensor: h, server: http://x, tokenFile: /t, state: /s, capture: { uplink: eth0 } }", "sensor.yaml")
        .Faults.Single().Remedy.ShouldContain("discover: { service: 5s }");

    [Fact]
    public void Status_can_be_switched_off() => SensorFile.Parse(
        "{ sensor: h, server: http://x, tokenFile: /t, state: /s, listen: off, capture: { uplink: eth0 }, discover: { service: 5s } }", "s")
        .Value.ShouldNotBeNull().Listen.ShouldBeNull();
}
