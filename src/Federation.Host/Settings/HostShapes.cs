using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Yaml.Shapes;
using static Federation.Yaml.Shapes.Key;

namespace Federation.Host.Settings;

/// <summary>The mappings of the file of a host's agent.</summary>
internal static class HostShapes
{
    public static readonly Shape Host = new("host",
        Must("site", "rennes"), Must("host", "host1"), Must("server", "https://placement.example:8443"), Must("tokenFile", "/etc/federation/host.token"),
        Must("state", "/var/lib/federation-host"), May("tls", "{ authority: /etc/federation/ca.pem }"), May("listen", "127.0.0.1:9475"),
        May("size", "{ vcpus: 16, memory: 64GiB }"), May("boot", "/proc/sys/kernel/random/boot_id"), May("qemu", "{ directory: /var/lib/federation-host/vms, address: 10.0.0.1, bridge: br0 }"),
        May("libvirt", "{ directory: /var/lib/federation-host/libvirt, storage: /srv/vms, peer: qemu+tls://host1.example/system }"),
        May("plugIn", "{ program: /opt/federation/plug-ins/mycloud }"), May("simulator", "{ directory: /var/lib/simulated }"),
        May("network", "{ address: 10.0.0.1 }"));

    public static readonly Shape Network = new("network",
        Must("address", "10.0.0.1"), May("mtu", "1500"), May("rate", "10Gbps"), May("port", "4789"), May("tunnelPort", "51820"), May("keyLifetime", "24h"), May("launcher", "[ip, netns, exec, h1]", 64),
        May("relay", "true"), May("relayPort", "51822"), May("directAbove", "1Mbps"), May("window", "30s"),
        May("gateway", "{ interface: eth1, addresses: [203.0.113.16-203.0.113.31] }"));

    public static readonly Shape Gateway = new("gateway", Must("interface", "eth1"), Must("addresses", "[203.0.113.16-203.0.113.31]", HostNetwork.MostRanges));

    /// <summary>Of the agent of a client.</summary>
    public static readonly Shape ClientAgent = new("client's agent",
        Must("server", "https://placement.example:8443"), Must("tokenFile", "/etc/federation/client.token"), Must("state", "/var/lib/federation-client"),
        May("tls", "{ authority: /etc/federation/ca.pem }"), May("listen", "127.0.0.1:9475"), Must("client", "{ mtu: 1500 }"));

    public static readonly Shape Client = new("client",
        May("mtu", "1500"), May("port", "4789"), May("tunnelPort", "51820"), May("directAbove", "1Mbps"), May("window", "30s"), May("lan", "eth1"), May("launcher", "[ip, netns, exec, c1]", 64));

    public static readonly Shape Tls = new("tls",
        Must("authority", "/etc/federation/ca.pem"), May("certificate", "/etc/federation/host.pem"), May("key", "/etc/federation/host.key"));

    public static readonly Shape Size = new("size", May("vcpus", "16"), May("memory", "64GiB"), May("disk", "500GiB"));

    /// <summary>Of each hypervisor, by the key that names it.</summary>
    public static readonly ImmutableDictionary<string, Shape> Hypervisors = new[]
    {
        new Shape("qemu",
            Must("directory", "/var/lib/federation-host/vms"), May("address", "10.0.0.1"), May("firstPort", "49152"), May("ports", "128"), May("bridge", "br0"),
            May("programs", "{ x86_64: qemu-system-x86_64 }", 64), May("imageProgram", "qemu-img"), May("arping", "[arping]", 64), May("launcher", "[ip, netns, exec, h1]", 64),
            May("emulate", "true"), May("observers", "false"), May("patience", "2s"), May("lifeSign", "10s"), May("powerDown", "60s"), May("consoleLog", "1MiB")),
        new Shape("libvirt",
            Must("directory", "/var/lib/federation-host/libvirt"), Must("storage", "/srv/vms"), May("uri", "qemu:///system"), May("peer", "qemu+tls://host1.example/system"),
            May("memory", "tcp://10.0.0.1"), May("trustStorage", "false"), May("bridge", "br0"), May("launcher", "[ip, netns, exec, h1]", 64), May("lifeSign", "10s"), May("powerDown", "60s"), May("find", "1s")),
        new Shape("plugIn",
            Must("program", "/opt/federation/plug-ins/mycloud"), May("arguments", "[--region, west]", 256), May("environment", "{ REGION: west }", 256),
            May("callTimeout", "60s"), May("runTimeout", "10m"), May("find", "2s")),
        new Shape("simulator", Must("directory", "/var/lib/simulated"), May("bandwidth", "1Gbps"), May("dirty", "10MB/s")),
    }.ToImmutableDictionary(shape => shape.Name);
}
