using Federation.Domain;
using Federation.Yaml.Shapes;
using static Federation.Yaml.Shapes.Key;

namespace Federation.Sensor.Settings;

/// <summary>The mappings of a sensor's file.</summary>
internal static class SensorShapes
{
    public static readonly Shape Sensor = new("sensor",
        Must("sensor", "host1"), Must("server", "https://placement.example:8443"), Must("tokenFile", "/etc/federation/sensor.token"),
        Must("state", "/var/lib/federation-sensor"), May("tls", "{ authority: /etc/federation/ca.pem }"), May("listen", "127.0.0.1:9474"), Must("capture", "{ bridge: br0, uplink: eth0 }"),
        May("vms", "[{ application: cg, vm: vm1, addresses: [10.42.0.1] }]", Limits.Sensor.Vms), May("discover", "{ service: 5s }"),
        May("fileServers", "[10.42.0.250]", Limits.Sensor.FileServers), May("sentOutside", "true"), May("spool", "{ size: 256MiB }"), May("batch", "500"));

    public static readonly Shape Capture = new("capture",
        May("bridge", "br0"), May("taps", "[vnet*]", Limits.Sensor.Taps), May("uplink", "eth0"), May("backend", "auto"), May("capacity", "65536"),
        May("sample", "5s"), May("inner", "false"));

    public static readonly Shape Tls = new("tls",
        Must("authority", "/etc/federation/ca.pem"), May("certificate", "/etc/federation/sensor.pem"), May("key", "/etc/federation/sensor.key"));

    public static readonly Shape Vm = new("vm",
        Must("application", "cg"), Must("vm", "vm1"), May("addresses", "[10.42.0.1]", Limits.Application.Addresses), May("tap", "vnet0"));

    public static readonly Shape Discover = new("discover", May("service", "5s"), May("libvirt", "{ uri: qemu:///system }"));

    public static readonly Shape Libvirt = new("libvirt",
        May("uri", "qemu:///system"), May("every", "10s"), May("separator", "."));

    public static readonly Shape Spool = new("spool", May("size", "256MiB"));
}
