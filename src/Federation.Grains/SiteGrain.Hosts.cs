using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Grains;

/// <summary>The site's hosts: what their agents tell of them, and what its administrators order.</summary>
public sealed partial class SiteGrain
{
    private const string HostsReminder = "hosts";
    private static readonly TimeSpan RemindOfHosts = TimeSpan.FromMinutes(1);

    // Since when a host that is there reports no copy of a VM that has its place there; not stored: seen again after a restart.
    private readonly Dictionary<VmRef, DateTimeOffset> missing = [];

    /// <inheritdoc/>
    public Task<ImmutableArray<HostStatus>> Hosts() => Task.FromResult<ImmutableArray<HostStatus>>([.. state.State.Hosts.All.Select(StatusOf)]);

    /// <inheritdoc/>
    public Task<VmHosts?> HostOf(VmRef vm) =>
        Task.FromResult(state.State.Ledger.Allocations.GetValueOrDefault(vm) is { } place && place.Hosts.Any() ? new VmHosts(place.Host, place.Next?.Host) : null);

    /// <inheritdoc/>
    public Task<HostState?> HostState(string host) => Task.FromResult(state.State.Hosts.Named(host)?.State);

    /// <inheritdoc/>
    public Task<HostNetwork?> NetworkOf(string host) => Task.FromResult(state.State.Hosts.Named(host)?.Facts.Network);

    /// <inheritdoc/>
    public Task<ImmutableArray<GatewayStatus>> Gateways() => Task.FromResult<ImmutableArray<GatewayStatus>>(
        [.. state.State.Hosts.All.Where(host => host.Facts.Network is { Gateway.IsEmpty: false }).Select(host => new GatewayStatus(new(Id, host.Name), host.Facts.Network!))]);

    /// <inheritdoc/>
    public Task<HostChange> CordonHost(string host) => Order(
        host, hosts => hosts.Order(Id, host, Domain.Sites.HostState.Cordoned, Caller, clock.GetUtcNow()), "host.cordoned", "takes no VMs");

    /// <inheritdoc/>
    public Task<HostChange> DrainHost(string host) => Order(
        host, hosts => hosts.Order(Id, host, Domain.Sites.HostState.Draining, Caller, clock.GetUtcNow()), "host.draining", "takes no VMs, and its own leave");

    /// <inheritdoc/>
    public Task<HostChange> UncordonHost(string host) => Order(host, hosts => hosts.Uncordon(Id, host), "host.uncordoned", "takes VMs again");

    /// <inheritdoc/>
    public Task<HostChange> FenceHost(string host) => Order(
        host, hosts => hosts.Fence(Id, host, Caller, clock.GetUtcNow()), "host.fenced", "is fenced: nothing runs there, its VMs are given up");

    /// <inheritdoc/>
    public async Task<Verdict> RemoveHost(string host)
    {
        if (state.State.Ledger.On(host) is { IsEmpty: false } places)
        {
            return Verdict.Reject(Refusal.HostHasVms(Id, host, places.Select(place => place.Vm)));
        }

        await Keep(state.State.Hosts.Without(host), state.State.Losses.Undrained(host), state.State.Ledger);
        return Verdict.Feasible;
    }

    /// <inheritdoc/>
    public async Task HostReported(string host, HostReport report)
    {
        var now = clock.GetUtcNow();
        var (hosts, news) = state.State.Hosts.Heard(host, report.Facts, now);
        var ledger = report.Guests.Aggregate(state.State.Ledger, (known, guest) => known.Found(guest.Sighting.Vm, host));
        var gone = HostLosses.Missing(ledger, host, report);
        var losses = news == HostNews.Rebooted
            ? state.State.Losses.Lose(gone, host, LossCause.Rebooted, now)
            : state.State.Losses.Lose(gone.Where(vm => IsGone(vm, now)), host, LossCause.Gone, now);
        foreach (var vm in missing.Keys.Where(vm => !gone.Contains(vm) && report.Guests.Any(guest => guest.Sighting.Vm == vm)).ToList())
        {
            missing.Remove(vm);
        }

        if (news == HostNews.None && ReferenceEquals(losses, state.State.Losses) && ReferenceEquals(ledger, state.State.Ledger))
        {
            // That it was heard of is not worth a write: a site that starts anew misses nobody for the time before.
            state.State.Hosts = hosts;
            return;
        }

        if (news == HostNews.Joined)
        {
            // Before it is stored: a crash leaves a reminder of nothing, never a host that nobody misses.
            await this.RegisterOrUpdateReminder(HostsReminder, RemindOfHosts, RemindOfHosts);
        }

        await Keep(hosts, losses, ledger);
        WatchHosts();
        if (news is not (HostNews.None or HostNews.Changed))
        {
            await events.Record($"host.{news.ToString().ToLowerInvariant()}", $"host {Id}/{host} {Said(news, report.Facts)}", site: Id);
        }
    }

    /// <inheritdoc/>
    public async Task MissHosts()
    {
        var (hosts, lost) = state.State.Hosts.Miss(clock.GetUtcNow(), AgentStatus.LongestSilence);
        var fenced = hosts.All.Where(host => host.State == Domain.Sites.HostState.Fenced);
        var losses = fenced.Aggregate(state.State.Losses, (some, host) =>
            some.Lose(state.State.Ledger.LostWith(host.Name), host.Name, LossCause.Fenced, clock.GetUtcNow()));
        await Keep(hosts, losses, state.State.Ledger);
        foreach (var host in lost)
        {
            var vms = state.State.Ledger.LostWith(host);
            await events.Record(
                "host.lost",
                $"host {Id}/{host} is lost: its agent is not heard of since {hosts.Named(host)!.HeardAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}. "
                    + $"Whether its {vms.Length} VMs run is not known; once nothing runs there: 'fedctl host fence {Id}/{host}'",
                site: Id);
        }
    }

    /// <inheritdoc/>
    public Task WriteOff(VmRef vm) => state.State.Losses.Vms.FirstOrDefault(lost => lost.Vm == vm) is { } lost && state.State.Ledger.LostWith(lost.Host).Contains(vm)
        ? Keep(state.State.Hosts, state.State.Losses, state.State.Ledger.Release(vm, clock.GetUtcNow()))
        : Task.CompletedTask;

    /// <inheritdoc/>
    public Task NoteHosts(ImmutableArray<VmRef> told, DrainPlan? asked)
    {
        var losses = state.State.Losses.Told(told);
        return Keep(state.State.Hosts, asked is { } plan ? losses.Asked(plan) : losses, state.State.Ledger);
    }

    private async Task<HostChange> Order(string name, Func<SiteHosts, (SiteHosts Hosts, Refusal? Refusal)> order, string kind, string text)
    {
        var (hosts, refusal) = order(state.State.Hosts);
        if (refusal is not null || ReferenceEquals(hosts, state.State.Hosts))
        {
            return new(hosts.Named(name) is { } known ? StatusOf(known) : null, Did: false, refusal);
        }

        var host = hosts.Named(name)!;
        var losses = host.State == Domain.Sites.HostState.Fenced
            ? state.State.Losses.Lose(state.State.Ledger.LostWith(name), name, LossCause.Fenced, clock.GetUtcNow())
            : state.State.Losses;
        await Keep(hosts, host.Mark is { Order: Domain.Sites.HostState.Draining } ? losses : losses.Undrained(name), state.State.Ledger);
        WatchHosts();
        await events.Record(kind, $"host {Id}/{name} {text}", site: Id);
        return new(StatusOf(host), Did: true);
    }

    private HostStatus StatusOf(SiteHost host) => new(
        host,
        state.State.Ledger.OnHosts().GetValueOrDefault(host.Name),
        state.State.Ledger.On(host.Name),
        [.. state.State.Losses.Vms.Where(lost => lost.Host == host.Name).Select(lost => lost.Vm)],
        [.. state.State.Losses.Plans.Where(plan => plan.Host == host.Name)]);

    private async Task Keep(SiteHosts hosts, HostLosses losses, SiteLedger ledger)
    {
        if (ReferenceEquals(hosts, state.State.Hosts) && ReferenceEquals(losses, state.State.Losses) && ReferenceEquals(ledger, state.State.Ledger))
        {
            return;
        }

        (state.State.Hosts, state.State.Losses, state.State.Ledger) = (hosts, losses, ledger);
        await this.Store(state);
    }

    // A report may be older than the start of a VM, and an agent that has just started may not have found all of them.
    private bool IsGone(VmRef vm, DateTimeOffset now)
    {
        missing.TryAdd(vm, now);
        return now - missing[vm] > HostLosses.Patience;
    }

    private static string Said(HostNews news, HostFacts facts) => news switch
    {
        HostNews.Joined => $"joined: {facts.Vcpus} vCPUs, {facts.MemoryBytes / (1L << 20)} MiB, {facts.Hypervisor.Driver} {facts.Hypervisor.Version}",
        HostNews.Returned => "is back",
        _ => "was switched off and on again: what ran there before is lost",
    };
}
