using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Microsoft.Extensions.Logging;

namespace Federation.Grains;

/// <summary>How the network is reached from outside: its VMs' public addresses, and the gateway that has them.</summary>
/// <remarks>
/// The network's own record says which gateway that is. What VMs wish for and which gateways there are is asked again from time to time, whether the one that has the
/// addresses is heard of, every second.
/// </remarks>
public sealed partial class SegmentGrain
{
    private static readonly TimeSpan LooksAtGatewaysEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AsksEvery = TimeSpan.FromSeconds(30);

    private IGrainTimer? gatewayWatch;
    private DateTimeOffset? askedAt;
    private PublicGrant granted = new(ImmutableSortedDictionary<VmId, PublicAnswer>.Empty, []);
    private ImmutableArray<Address> named = [];
    private ImmutableArray<Refusal> unreached = [];

    /// <inheritdoc/>
    public Task Rewished()
    {
        askedAt = null;
        gatewayWatch ??= this.RegisterGrainTimer(_ => LookAtGateways(), new() { DueTime = TimeSpan.Zero, Period = LooksAtGatewaysEvery, Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ImmutableSortedDictionary<VmId, PublicAnswer>> Publics() => Task.FromResult(granted.Answers);

    private async Task LookAtGateways()
    {
        try
        {
            if (Now is { HasEnded: false })
            {
                await AskForAddresses();
                await Reach();
            }
            else
            {
                askedAt ??= clock.GetUtcNow();
            }

            // Somebody may have asked for another look meanwhile.
            if (askedAt is not null && (Now is not { HasEnded: false } register || (granted.Answers.IsEmpty && register.Gated is null)))
            {
                gatewayWatch?.Dispose();
                gatewayWatch = null;
            }
        }
        catch (Exception fault)
        {
            // It is looked again within a second.
            LogGatewaysNotLookedAt(log, fault, Id.Key);
        }
    }

    private async Task AskForAddresses()
    {
        var now = clock.GetUtcNow();
        if (askedAt is { } last && now - last < AsksEvery)
        {
            return;
        }

        askedAt = now;
        try
        {
            var application = await GrainFactory.Application(Id).Description();
            var wishes = (application?.Vms ?? []).Where(vm => vm.Public is not null).ToImmutableSortedDictionary(vm => vm.Id, vm => vm.Public!);
            named = SegmentBeginning.NamedBy(application);
            // One that has ended meanwhile has given all back.
            if (Now is { HasEnded: false } register && (!wishes.IsEmpty || register.Gated is not null || !granted.Answers.IsEmpty))
            {
                await Take(await GrainFactory.PublicAddresses().Ask(Id, wishes));
            }
        }
        catch
        {
            askedAt = null;
            throw;
        }
    }

    private async Task Take(PublicGrant next)
    {
        var (before, mtu) = (unreached, Now?.Mtu ?? 0);
        unreached =
        [
            .. next.Answers.Values.Select(answer => answer.Refusal).OfType<Refusal>(),
            .. next.Gateways.Where(gateway => gateway.Network.InnerMtu < mtu).Select(gateway =>
                Refusal.SegmentMtu(gateway.Host.Site, gateway.Host.Host, Id, gateway.Network.Mtu, gateway.Network.Mtu + mtu - gateway.Network.InnerMtu)),
        ];
        var isOther = !next.Answers.SequenceEqual(granted.Answers);
        granted = next with { Gateways = [.. next.Gateways.Where(gateway => gateway.Network.InnerMtu >= mtu)] };
        foreach (var refusal in unreached.Except(before))
        {
            await events.Record("network.unreached", RefusalText.Of(refusal), Id);
        }

        if (isOther)
        {
            GrainFactory.Application(Id).Readdressed().Ignore();
        }
    }

    private async Task Reach()
    {
        var publics = granted.Answers.Where(answer => answer.Value.Address is not null).ToImmutableSortedDictionary(answer => answer.Key, answer => answer.Value.Address!.Value);
        var before = Now?.Gated?.Active;
        if (granted.Gateways.IsEmpty && !publics.IsEmpty && before is not null)
        {
            // Nothing is known of the gateways of a site that is away: all stays as it is.
            return;
        }

        var active = publics.IsEmpty ? null : await Choose(before);
        await Change(register => granted.Gateways.Where(_ => active is not null).Aggregate(register, (known, gateway) => known.Joined(gateway.Host, gateway.Network))
            .Reached(publics, [.. granted.Gateways.Select(gateway => gateway.Host)], active, named));
        if (Now?.Gated?.Active is { } now && now != before)
        {
            await events.Record("network.gateway", before is { } left
                ? $"the public addresses of {Id} are at gateway {now} from now on: {left} is silent, fenced or being emptied, or owns not all of them"
                : $"the public addresses of {Id} are at gateway {now}", Id, now.Site);
        }
    }

    // All are asked only where the one that has the addresses cannot keep them.
    private async Task<VtepId?> Choose(VtepId? active)
    {
        if (active is { } now && granted.Gateways.Any(gateway => gateway.Host == now) && (await StandingOf(now)).Keeps)
        {
            return now;
        }

        return GatewayChoice.Of(active, [.. await Task.WhenAll(granted.Gateways.Select(gateway => StandingOf(gateway.Host)))], Now?.Vni ?? 0);
    }

    private async Task<GatewayStanding> StandingOf(VtepId host)
    {
        try
        {
            var (state, silence) = (GrainFactory.Site(host.Site).HostState(host.Host), GrainFactory.Agent(new(host.Site, host.Host)).Unrenewed());
            await Task.WhenAll(state, silence);
            return new(host, await state is HostState.Ready or HostState.Cordoned or HostState.Lost, await silence);
        }
        catch (Exception fault) when (fault is SiteOfflineException or OrleansException or TimeoutException)
        {
            return new(host, true, null);
        }
    }

    [LoggerMessage(3206, LogLevel.Warning, "The network of {Application} could not look after its gateways: it tries again")]
    private static partial void LogGatewaysNotLookedAt(ILogger log, Exception fault, string application);
}
