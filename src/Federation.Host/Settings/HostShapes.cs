using Federation.Yaml.Shapes;
using static Federation.Yaml.Shapes.Key;

namespace Federation.Host.Settings;

/// <summary>The mappings of the file of a host's agent.</summary>
internal static class HostShapes
{
    public static readonly Shape Host = new("host",
        Must("site", "rennes"), Must("host", "host1"), Must("server", "https://placement.example:8443"), Must("tokenFile", "/etc/federation/host.token"),
        Must("state", "/var/lib/federation-host"), May("tls", "{ authority: /etc/federation/ca.pem }"), May("listen", "127.0.0.1:9475"),
        May("size", "{ vcpus: 16, memory: 64GiB }"), May("boot", "/proc/sys/kernel/random/boot_id"), May("simulator", "{ directory: /var/lib/simulated }"));

    public static readonly Shape Tls = new("tls",
        Must("authority", "/etc/federation/ca.pem"), May("certificate", "/etc/federation/host.pem"), May("key", "/etc/federation/host.key"));

    public static readonly Shape Size = new("size", May("vcpus", "16"), May("memory", "64GiB"), May("disk", "500GiB"));

    public static readonly Shape Simulator = new("simulator", Must("directory", "/var/lib/simulated"), May("bandwidth", "1Gbit/s"), May("dirty", "80Mbit/s"));
}
