using System.Collections.Immutable;
using Federation.Domain;
using Federation.Domain.Applications;
using Federation.Domain.Groups;
using Federation.Files.Images;
using Federation.Files.SiteFiles;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;
using static Federation.Yaml.Shapes.Key;

namespace Federation.Files.ApplicationFiles;

/// <summary>The mappings of an application file.</summary>
internal static class ApplicationShapes
{
    public static readonly Shape Application = new("application",
        Must("application", "cg"), Must("tenant", "astro"), Must("objective", "cost"), May("deadline", "4h"), May("budget", "25.0"), May("budgetPerHour", "1.5"), May("carbonPrice", "80"),
        Must("remaining", "2h"), May("overlap", "0"), May("packetsPerExchange", "16"), May("margin", "0.05"), May("movingMargin", "0.5"),
        May("predictionError", "0.1"),
        May("harmLimit", "0.25"), May("retention", "30d"), May("endpoints", "[{ name: nfs, addresses: [10.42.0.250], site: rennes }]", Limits.Application.Endpoints), May("network", "lab-7"), May("subnet", "10.42.0.0/16"), May("detection", "{ detector: auto, metric: auto }"),
        May("images", "[{ image: debian-12, sha256: ba3abe4f14f25af8c1e0ff3e0c0b56ac3a0d0df0b6f3f64df1b9e4f1b17c6b7e }]", Limits.Application.Images),
        May("moves", "{ downtime: 1s, duration: 30m, autoConverge: true, whenMissed: stay }"), May("coldMoves", "{ lostWork: 10m, boot: 1m }"), May("restart", "true"), May("restarts", "{ lostWork: 10m, boot: 1m }"),
        May("without", "[aws-us-east-1]", Limits.Application.Sites), May("quiet", "[{ days: mon-fri, from: \"08:00\", until: \"18:00\", zone: Europe/Paris }]", Limits.Site.Arrivals),
        May("prefer", "[{ vms: [vm1, vm2], sites: [rennes], pricePerHour: 0.5 }]", Limits.Application.Preferences), May("together", "[[vm1, vm2]]", Limits.Application.Sets), May("apart", "[{ vms: [vm1, vm2, vm3], sites: 2 }]", Limits.Application.Sets),
        Must("vms", "{ count: 8, prefix: vm, firstAddress: 10.42.0.1, vcpus: 2, memory: 4GiB }", Limits.Application.Vms));

    public static readonly Shape Vm = new("vm",
        Must("vm", "vm1"), May("addresses", "[10.42.0.1]", Limits.Application.Addresses), Must("vcpus", "2"), Must("memory", "4GiB"), May("dirtyRate", "20MB/s"),
        May("architecture", "x86_64"), May("machine", "pc-i440fx-7.2"), May("cpuModel", "Haswell"),
        May("kernel", "{ image: vmlinuz, initrd: initrd, arguments: console=ttyS0 }"), May("disks", "[{ disk: root, image: debian-12, size: 20GiB }]", Limits.Application.Disks),
        May("userData", "\"#cloud-config\""), May("nics", "[{ mac: 52:54:00:12:34:56, addresses: [10.42.0.1] }]", Limits.Application.Nics),
        May("public", "rennes"),
        May("at", "{ site: rennes, offer: std-4 }"), May("residency", "[eu]", Limits.Application.Residency), May("sites", "[rennes, aws-eu-west-3]", Limits.Application.Sites));

    /// <summary>The short form: what a VM has, but for its name and addresses, which are counted up.</summary>
    public static readonly Shape Cluster = new("cluster",
        Must("count", "8"), May("prefix", "vm"), May("firstAddress", "10.42.0.1"), Must("vcpus", "2"), Must("memory", "4GiB"),
        May("dirtyRate", "20MB/s"), May("architecture", "x86_64"), May("machine", "pc-i440fx-7.2"), May("cpuModel", "Haswell"),
        May("kernel", "{ image: vmlinuz, initrd: initrd, arguments: console=ttyS0 }"), May("disks", "[{ disk: root, image: debian-12, size: 20GiB }]", Limits.Application.Disks),
        May("userData", "\"#cloud-config\""), May("public", "rennes"),
        May("at", "{ site: rennes, offer: std-4 }"), May("residency", "[eu]", Limits.Application.Residency),
        May("sites", "[rennes, aws-eu-west-3]", Limits.Application.Sites));

    public static readonly Shape At = new("at", Must("site", "rennes"), Must("offer", "std-4"));

    /// <summary>A kernel to start directly.</summary>
    public static readonly Shape Kernel = new("kernel", Must("image", "vmlinuz"), May("initrd", "initrd"), May("arguments", "console=ttyS0"));

    public static readonly Shape Disk = new("disk",
        Must("disk", "root"), May("image", "debian-12"), Must("size", "20GiB"), May("written", "2GiB"), May("writeRate", "5MB/s"));

    public static readonly Shape Nic = new("nic", May("mac", "52:54:00:12:34:56"), May("addresses", "[10.42.0.1]", Limits.Application.Addresses));

    /// <summary>What live moves have to keep to.</summary>
    public static readonly Shape Moves = new("moves", May("downtime", "1s"), May("duration", "30m"), May("autoConverge", "true"), May("perDay", "10"), May("whenMissed", "stay"));

    /// <summary>How VMs may be moved cold.</summary>
    public static readonly Shape ColdMoves = new("coldMoves", Must("lostWork", "10m"), May("boot", "1m"), May("downtime", "10m"));

    /// <summary>How VMs may change to another offer of their site.</summary>
    public static readonly Shape Restarts = new("restarts", Must("lostWork", "10m"), May("boot", "1m"));

    /// <summary>What VMs exchange data with that stays where it is.</summary>
    public static readonly Shape Endpoint = new("endpoint",
        Must("name", "nfs"), Must("addresses", "[10.42.0.250]", Limits.Application.Addresses), Must("site", "rennes"));

    /// <summary>Where VMs would be.</summary>
    public static readonly Shape Preference = new("preference",
        May("vms", "[vm1, vm2]", Limits.Application.Vms), Must("sites", "[rennes]", Limits.Application.Sites), Must("pricePerHour", "0.5"));

    /// <summary>How communication groups are found.</summary>
    public static readonly Shape Detection = new("detection", May("detector", "auto"), May("metric", "auto"));

    /// <summary>VMs that have to be spread over sites.</summary>
    public static readonly Shape Spread = new("spread", Must("vms", "[vm1, vm2, vm3]", Limits.Application.Vms), May("sites", "2"), May("atMost", "1"));

    /// <summary>All of them, the file's own first.</summary>
    public static readonly ImmutableArray<Shape> All = [Application, Vm, Cluster, At, Detection, Spread, ImageFiles.Image, Kernel, Disk, Nic, Moves, ColdMoves, Restarts, Endpoint, Preference, SiteShapes.Arrivals];
}

/// <summary>The words of an application file that are one of a few.</summary>
internal static class ApplicationWords
{
    /// <summary>What the application wants most.</summary>
    public static readonly Choice<Objective> Objectives =
        new(("cost", Objective.Cost), ("time", Objective.Time), ("utilization", Objective.Utilization));

    /// <summary>Which algorithm finds its groups.</summary>
    public static readonly Choice<DetectorKind> Detectors =
        new(("auto", DetectorKind.Auto), ("greedy", DetectorKind.Greedy), ("leiden", DetectorKind.Leiden));

    /// <summary>What happens where a limit of a move cannot be held.</summary>
    public static readonly Choice<MissedLimit> Missed = new(("stay", MissedLimit.Stay), ("exceed", MissedLimit.Exceed), ("cold", MissedLimit.Cold));

    /// <summary>Yes or no.</summary>
    public static readonly Choice<bool> YesNo = new(("true", true), ("false", false));

    /// <summary>What a pair's weight counts, where that is not left open.</summary>
    public static readonly Choice<MetricWord> Metrics =
        new((Auto, new(null)), ("packets", new(Metric.Packets)), ("bytes", new(Metric.Bytes)));

    private const string Auto = "auto";

    /// <summary>A metric, or none: it is chosen.</summary>
    public readonly record struct MetricWord(Metric? Metric);
}
