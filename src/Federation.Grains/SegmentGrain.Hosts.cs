using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Hosts;
using Microsoft.Extensions.Logging;

namespace Federation.Grains;

/// <summary>What the network's hosts are told, and what they acknowledge.</summary>
public sealed partial class SegmentGrain
{
    private const string HostsReminder = "hosts";

    // A host that is off for days is not worth a call every 2 s.
    private const int LooksAtSilentEvery = 10;

    private static readonly TimeSpan TellAgainEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RemindEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly SegmentHosts hosts = new(clock, counts);
    // A silo that is stopped waits until its grains have answered.
    private readonly CancellationTokenSource closing = CancellationTokenSource.CreateLinkedTokenSource(silo.ApplicationStopping);
    private readonly WindowSignal acknowledged = new();
    private IGrainTimer? watch;
    private int looks;
    private bool isReminded;

    private Func<VtepId, long> Acknowledged => hosts.AcknowledgedBy;

    /// <inheritdoc/>
    public async Task<SegmentUpdate?> News(VtepId host, long? known, HostNetwork? network)
    {
        if (Now is not { } register)
        {
            return known is { } has ? SegmentRegister.Nothing(Id, has, has + 1) : null;
        }

        if (!register.Hosts.TryGetValue(host, out var here))
        {
            if (known is null && register.Leaving.Contains(host))
            {
                await Change(now => now.Left(host));
                await EndWhenOver();
            }
        }
        else
        {
            if (network is not null && !here.Network.IsReachedAs(network))
            {
                await Change(now => now.Hosts.ContainsKey(host) ? now.Joined(host, network) : now);
            }

            await Heard(host, known ?? 0);
        }

        return hosts.NewsFor(Now ?? register, host, known);
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await LookAtHosts();
        if (!hosts.AnyBehind)
        {
            await this.Forget(HostsReminder);
            isReminded = false;
        }
    }

    /// <inheritdoc/>
    public void Leave() => closing.CancelAsync().Ignore();

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        hosts.Leave();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    private async Task Heard(VtepId host, long known)
    {
        if (hosts.Heard(host, known))
        {
            acknowledged.Raise();
            if (hosts.MaySettle(host))
            {
                await Change(register => register);
            }
        }
    }

    private async Task<Verdict> Acknowledge(VmRef vm, VtepId[] concerned, long revision, TimeSpan wait)
    {
        var (begun, longest) = (clock.GetTimestamp(), wait < LongestWait ? wait : LongestWait);
        while (true)
        {
            var next = acknowledged.Next;
            var behind = concerned.Where(host => hosts.AcknowledgedBy(host) < revision).ToList();
            if (behind.Count == 0)
            {
                return Verdict.Feasible;
            }

            var left = longest - clock.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero || closing.IsCancellationRequested)
            {
                return Verdict.Reject(Refusal.SegmentUnacknowledged(vm, behind));
            }

            try
            {
                await WindowSignal.Wait(next, left, clock, closing.Token);
            }
            catch (OperationCanceledException) when (closing.IsCancellationRequested)
            {
                // The grain leaves: whoever waits asks again.
            }
        }
    }

    private void TellHosts()
    {
        if (Now is not { } register)
        {
            return;
        }

        foreach (var host in hosts.Look(register))
        {
            Tell(host);
        }

        if (hosts.AnyBehind)
        {
            watch ??= this.RegisterGrainTimer(_ => LookAtHosts(), new() { DueTime = TellAgainEvery, Period = TellAgainEvery, Interleave = true, KeepAlive = true });
        }
    }

    // Those that are behind are told again. One that is certainly off is waited for no more: it is told all when it comes back.
    private async Task LookAtHosts()
    {
        if (hosts.AreLongBehind && ++looks % LooksAtSilentEvery != 0)
        {
            return;
        }

        try
        {
            if (hosts.AnyBehind && !isReminded)
            {
                await this.RegisterOrUpdateReminder(HostsReminder, RemindEvery, RemindEvery);
                isReminded = true;
            }

            foreach (var host in hosts.LongBehind())
            {
                if (host.IsClient)
                {
                    // A machine of a user may be switched off, or lie: nobody else's connections depend on it.
                    hosts.Excuse(host, isOff: true);
                    continue;
                }

                var standing = await GrainFactory.Site(host.Site).HostState(host.Host);
                hosts.Excuse(host, standing is null or HostState.Fenced);
                if (standing is null)
                {
                    await Change(register => register.Left(host));
                }
            }

            await Change(register => register);
            await EndWhenOver();
        }
        catch (Exception fault)
        {
            LogNotLookedAt(log, fault, Id.Key);
        }

        foreach (var host in hosts.Behind)
        {
            Tell(host);
        }

        if (!hosts.AnyBehind)
        {
            watch?.Dispose();
            watch = null;
        }
    }

    private void Tell(VtepId host) => GrainFactory.Agent(new(host.Site, host.Host)).SegmentChanged(Id).Ignore();

    // The number first: after a crash it is given back again, which does nothing.
    private async Task EndWhenOver()
    {
        if (Now is { IsOver: true })
        {
            await GrainFactory.PublicAddresses().Ask(Id, ImmutableSortedDictionary<VmId, PublicWish>.Empty);
            await GrainFactory.SegmentNumbers().GiveBack(Id);
            await stored.Change(now => now.Register is { IsOver: true } ? new() : now);
            await this.Forget(HostsReminder);
            await state.ClearStateAsync();
            this.DeactivateOnIdle();
        }
    }

    [LoggerMessage(3203, LogLevel.Warning, "The network of {Application} could not look after its hosts: it tries again")]
    private static partial void LogNotLookedAt(ILogger log, Exception fault, string application);
}
