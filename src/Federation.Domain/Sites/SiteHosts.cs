using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

/// <summary>The hosts of a site: what they are, whether they are heard of, and what its administrators have ordered of them.</summary>
/// <remarks>
/// Immutable: each step gives new hosts, the same object where nothing changes. A site without any is one whose hypervisor is told sites and no
/// hosts, as a public cloud. Compared by reference.
/// </remarks>
public sealed record SiteHosts
{
    /// <summary>No hosts.</summary>
    [JsonIgnore]
    public static SiteHosts None { get; } = new();

    /// <summary>The hosts, by name (ordinal).</summary>
    public ImmutableArray<SiteHost> All { get; init; } = [];

    /// <summary>Whether the site has any.</summary>
    [JsonIgnore]
    public bool IsEmpty => All.IsEmpty;

    /// <summary>The hosts of which it is not known what runs there, with since when.</summary>
    [JsonIgnore]
    public ImmutableSortedDictionary<string, DateTimeOffset> Silent => All.Where(host => host.State == HostState.Lost)
        .ToImmutableSortedDictionary(host => host.Name, host => host.LostSince!.Value, StringComparer.Ordinal);

    /// <summary>Whether the hosts are of the same sizes, hypervisors and states; when they were heard of does not matter.</summary>
    public bool GivesTheSameAs(SiteHosts other) => ReferenceEquals(this, other)
        || All.Select(host => (host.Name, host.Size, host.Facts.Hypervisor, host.State, host.LostSince)).SequenceEqual(other.All.Select(host => (host.Name, host.Size, host.Facts.Hypervisor, host.State, host.LostSince)));

    /// <summary>The host of a name; null: there is none.</summary>
    public SiteHost? Named(string? name) => All.FirstOrDefault(host => host.Name == name);

    /// <summary>An agent has told what its host is. The first time the host joins the site; one that was lost is back.</summary>
    /// <remarks>It does not take a fence back: what an agent that was cut off still runs may not be asked for anew by itself.</remarks>
    public (SiteHosts Hosts, HostNews News) Heard(string name, HostFacts facts, DateTimeOffset now)
    {
        if (Named(name) is not { } known)
        {
            return (With(new(name, facts, now)), HostNews.Joined);
        }

        var news = known.Facts.Boot != facts.Boot ? HostNews.Rebooted
            : known.LostSince is not null ? HostNews.Returned
            : Says(known.Facts, facts) ? HostNews.None
            : HostNews.Changed;
        return (With(known with { Facts = news == HostNews.None ? known.Facts : facts, HeardAt = now, LostSince = null }), news);
    }

    /// <summary>The hosts that are not heard of any more; a host is named once, when its patience ends.</summary>
    /// <param name="now">The time.</param>
    /// <param name="patience">How long a host may be silent; its agent tells every 10 s that it is there.</param>
    public (SiteHosts Hosts, ImmutableArray<string> Lost) Miss(DateTimeOffset now, TimeSpan patience)
    {
        var lost = All.Where(host => host.LostSince is null && now - host.HeardAt > patience).ToImmutableArray();
        return (lost.Aggregate(this, (hosts, host) => hosts.With(host with { LostSince = host.HeardAt })), [.. lost.Select(host => host.Name)]);
    }

    /// <summary>The hosts as a site that was away takes them up: none was silent while nobody listened.</summary>
    public SiteHosts Awake(DateTimeOffset now) => All.Where(host => host.LostSince is null).Aggregate(this, (hosts, host) => hosts.With(host with { HeardAt = now }));

    /// <summary>An administrator has a host cordoned or drained. Ordered already, nothing changes.</summary>
    /// <remarks>A host that is fenced is neither: nothing is there that could stay or leave.</remarks>
    public (SiteHosts Hosts, Refusal? Refusal) Order(SiteId site, string name, HostState order, string by, DateTimeOffset now) =>
        Named(name) is not { } host ? (this, Refusal.HostUnknown(site, name, All.Select(known => known.Name)))
        : host.Mark?.Order == order ? (this, null)
        : host.State == HostState.Fenced ? (this, Refusal.HostFenced(site, name))
        : (With(host with { Mark = new(order, by, now) }), null);

    /// <summary>An administrator says that nothing runs on a host that is lost, and that nothing will before its agent is heard of again.</summary>
    /// <remarks>A no while the host is heard of: its VMs would run twice.</remarks>
    public (SiteHosts Hosts, Refusal? Refusal) Fence(SiteId site, string name, string by, DateTimeOffset now) =>
        Named(name) is not { } host ? (this, Refusal.HostUnknown(site, name, All.Select(known => known.Name)))
        : host.State == HostState.Fenced ? (this, null)
        : host.LostSince is null ? (this, Refusal.HostHeard(site, name, host.HeardAt))
        : (With(host with { Mark = new(HostState.Fenced, by, now) }), null);

    /// <summary>An administrator lets VMs come again, also to a host that was fenced; a no while it is not heard of.</summary>
    public (SiteHosts Hosts, Refusal? Refusal) Uncordon(SiteId site, string name) =>
        Named(name) is not { } host ? (this, Refusal.HostUnknown(site, name, All.Select(known => known.Name)))
        : host.Mark is null ? (this, null)
        : host is { Mark.Order: HostState.Fenced, LostSince: { } since } ? (this, Refusal.HostLost(site, name, since))
        : (With(host with { Mark = null }), null);

    /// <summary>Takes a host off the site; not there, nothing happens.</summary>
    public SiteHosts Without(string name) => Named(name) is { } host ? this with { All = All.Remove(host) } : this;

    /// <summary>The site with its hosts' shapes and the capacity that they give it: their sum, and no more than its description says. No hosts: the site as it is.</summary>
    /// <remarks>A host that takes no VMs counts for what it has: its VMs are counted as well, so that nothing more comes for it.</remarks>
    public Site Bounded(Site site, SiteLedger ledger)
    {
        if (IsEmpty)
        {
            return site;
        }

        var use = ledger.OnHosts();
        var sum = All.Select(host => host.State == HostState.Ready ? host.Size : use.GetValueOrDefault(host.Name)).Aggregate(default(HostUse), (all, one) => all + one);
        var described = site.Capacity?.Usable ?? RoomLimit.Unlimited;
        return site with
        {
            HasHosts = true,
            HostShapes = HostShape.Of(this),
            ReadyHosts = All.Count(host => host.State == HostState.Ready),
            Capacity = new(
                (int)Math.Min(int.MaxValue, Math.Min(described.Vcpus, sum.Vcpus)), Math.Min(described.MemoryBytes, sum.MemoryBytes), site.Capacity?.Vms is null ? null : (int)described.Vms),
        };
    }

    private SiteHosts With(SiteHost host) => this with
    {
        All = [.. All.Where(other => other.Name != host.Name).Append(host).OrderBy(other => other.Name, StringComparer.Ordinal)],
    };

    // Its lists are compared, where a record compares references.
    private static bool Says(HostFacts a, HostFacts b) =>
        a == b with { Hypervisor = a.Hypervisor, Network = a.Network }
        && (a.Network is null ? b.Network is null : b.Network?.IsSameAs(a.Network) == true)
        && a.Hypervisor == b.Hypervisor with { Architectures = a.Hypervisor.Architectures, CpuModels = a.Hypervisor.CpuModels, Machines = a.Hypervisor.Machines, Remarks = a.Hypervisor.Remarks }
        && a.Hypervisor.Architectures.SequenceEqual(b.Hypervisor.Architectures) && a.Hypervisor.CpuModels.SequenceEqual(b.Hypervisor.CpuModels)
        && a.Hypervisor.Machines.SequenceEqual(b.Hypervisor.Machines) && a.Hypervisor.Remarks.SequenceEqual(b.Hypervisor.Remarks);
}

/// <summary>What is new about a host that was heard of.</summary>
public enum HostNews
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It was not known before.</summary>
    Joined,

    /// <summary>It was lost, and runs on as it was.</summary>
    Returned,

    /// <summary>It was switched off meanwhile: nothing runs there that ran before.</summary>
    Rebooted,

    /// <summary>It is of another size, or its hypervisor is another one.</summary>
    Changed,
}
