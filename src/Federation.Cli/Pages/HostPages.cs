using System.Globalization;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>Hosts of sites, for people.</summary>
internal static class HostPages
{
    /// <summary>One row for each host.</summary>
    /// <param name="hosts">The hosts.</param>
    /// <param name="unasked">The sites whose hosts are not among them, as a sentence; null: none.</param>
    public static Page List(IEnumerable<HostDocument> hosts, string? unasked) => (unasked is null ? new Page() : new Page().Line(unasked)).Add(
        new Sheet("HOST", "STATE", ">VMS", ">VCPUS", ">MEMORY", ">DISK", "HYPERVISOR", "HEARD").Rows(hosts, host =>
        [
            NameOf(host),
            host.State,
            $"{host.Vms.Length}",
            $"{host.Used.Vcpus}/{host.Size.Vcpus}",
            Share(host.Used.MemoryBytes, host.Size.MemoryBytes),
            Share(host.Used.DiskBytes, host.Size.DiskBytes),
            $"{host.Hypervisor.Driver} {host.Hypervisor.Version}",
            Cells.Instant(host.HeardAt),
        ]));

    /// <summary>All that is known of one host.</summary>
    public static Page Describe(HostDocument host)
    {
        var page = new Page().Line($"Host {NameOf(host)}: {Said(host)}");
        page.Heading("VMs");
        if (host.Vms.Length == 0)
        {
            page.Line("No VM is here.");
        }
        else
        {
            page.Add(new Sheet("APPLICATION", "VM", "OFFER", "STATE", "HOST").Rows(host.Vms, vm =>
                [vm.Application, vm.Vm, vm.Offer, vm.State, vm.Other is null ? "" : vm.State == "arriving" ? $"from {vm.Other}" : $"to {vm.Other}"]));
        }

        if (host.Plans.Length > 0)
        {
            page.Heading("Plans that empty it ('fedctl plan describe PLAN' shows steps and reasons)")
                .Add(new Sheet("APPLICATION", "PLAN", "ASKED").Rows(host.Plans, plan => [plan.Application, plan.Plan, Cells.Instant(plan.AskedAt)]));
        }

        page.Heading("Size").Add(new Sheet("", ">IN USE", ">IN ALL").Rows(
            [
                ("vCPUs", $"{host.Used.Vcpus}", $"{host.Size.Vcpus}"),
                ("memory", Gib(host.Used.MemoryBytes), Gib(host.Size.MemoryBytes)),
                ("disk", Gib(host.Used.DiskBytes), Gib(host.Size.DiskBytes)),
            ],
            row => [row.Item1, row.Item2, row.Item3]));
        var hypervisor = host.Hypervisor;
        return page.Heading("Hypervisor")
            .Line($"{hypervisor.Driver} {hypervisor.Version}{(hypervisor.IsEmulated ? ", processors emulated" : "")}; agent {host.Agent}")
            .Line($"moves live: {Yes(hypervisor.MovesLive)}, holds at the switch: {Yes(hypervisor.HoldsAtSwitch)}, moves disks: {Yes(hypervisor.MovesDisks)}")
            .Line($"architectures: {Cells.Some(hypervisor.Architectures)}")
            .Line($"CPU models: {Cells.Some(hypervisor.CpuModels)}")
            .Line($"machine types: {Cells.Some(hypervisor.Machines)}")
            .Bullets("What it does otherwise than others", hypervisor.Remarks);
    }

    /// <summary>What an order about a host has come to, whose VMs stay.</summary>
    public static string Stays(HostDocument host) => $"host {NameOf(host)}: {Said(host)}";

    /// <summary>What a drain has come to so far.</summary>
    public static string Leaves(HostDocument host) => host.Vms.Length == 0
        ? $"host {NameOf(host)} is empty, and takes no VMs until 'fedctl host uncordon {NameOf(host)}'"
        : $"{Count(host)} of host {NameOf(host)} leave by plans: 'fedctl host describe {NameOf(host)}' shows them";

    /// <summary>What a drain would do.</summary>
    public static Prospect OfDrain(HostDocument host) => host.Vms.Length == 0
        ? Prospect.Nothing
        : new($"{Count(host)} of host {NameOf(host)} move to other hosts, and to other sites where no other host can take them.", "Drain it?", StopsVms: false);

    /// <summary>What a fence would do.</summary>
    public static Prospect OfFence(HostDocument host) => new(
        $"Host {NameOf(host)} is said to run nothing: {Count(host)} are given up there, and start anew elsewhere where their application allows restarts. "
            + "A VM that still ran there would run twice.",
        "Is the host off, or cut from everything?",
        StopsVms: true);

    private static string NameOf(HostDocument host) => Cells.Plain($"{host.Site}/{host.Host}");

    private static string Count(HostDocument host) => host.Vms.Length == 1 ? "1 VM" : $"{host.Vms.Length} VMs";

    private static string Said(HostDocument host)
    {
        var by = host.OrderedBy is { } who ? $", by {who} at {Cells.Instant(host.OrderedAt)}" : "";
        return host.State switch
        {
            "ready" => "ready, it takes VMs",
            "cordoned" => $"cordoned{by}: it takes no VMs, those that are there stay",
            "draining" => $"draining{by}: it takes no VMs, and its own leave",
            "lost" => $"lost: not heard of since {Cells.Instant(host.LostSince)}, whether its VMs run is not known",
            "fenced" => $"fenced{by}: nothing runs there; 'fedctl host uncordon {NameOf(host)}' gives it back to use once it is heard of",
            var other => other,
        };
    }

    private static string Yes(bool does) => does ? "yes" : "no";

    private static string Share(long used, long all) => $"{Number(used)}/{Gib(all)}";

    private static string Gib(long bytes) => $"{Number(bytes)} GiB";

    private static string Number(long bytes) => (bytes / (double)(1L << 30)).ToString("0.##", CultureInfo.InvariantCulture);
}
