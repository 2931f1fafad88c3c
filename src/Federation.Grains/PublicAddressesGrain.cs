using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;

namespace Federation.Grains;

/// <inheritdoc cref="IPublicAddressesGrain"/>
public sealed class PublicAddressesGrain(
    [PersistentState("public addresses", GrainStateSerializer.StorageName)] IPersistentState<PublicAddressesGrain.Stored> state, TimeProvider clock) : Grain, IPublicAddressesGrain
{
    // Every network that wishes for addresses asks from time to time; sites need not be asked for each.
    private static readonly TimeSpan LooksAtSitesEvery = TimeSpan.FromSeconds(5);

    private ImmutableArray<GatewayStatus> gateways = [];
    private DateTimeOffset? lookedAt;

    /// <inheritdoc/>
    public async Task<PublicGrant> Ask(AppId application, ImmutableSortedDictionary<VmId, PublicWish> wishes)
    {
        if (!wishes.IsEmpty)
        {
            await LookAtSites();
        }

        var ranges = gateways.Select(gateway => new GatewayRanges(gateway.Host, gateway.Network.Gateway)).ToImmutableArray();
        var (next, answers) = state.State.Addresses.Ask(application, wishes, ranges, clock.GetUtcNow());
        if (!ReferenceEquals(next, state.State.Addresses))
        {
            state.State.Addresses = next;
            await this.Store(state);
        }

        var given = answers.Values.Select(answer => answer.Address).OfType<Address>().ToList();
        return new(answers, given.Count == 0 ? [] : [.. gateways.Where(gateway => given.All(address => gateway.Network.Gateway.Any(range => range.Contains(address))))]);
    }

    private async Task LookAtSites()
    {
        if (lookedAt is { } last && clock.GetUtcNow() - last < LooksAtSitesEvery)
        {
            return;
        }

        gateways = [.. (await Task.WhenAll((await GrainFactory.Federation().Sites()).Select(GatewaysOf))).SelectMany(some => some).OrderBy(gateway => gateway.Host)];
        lookedAt = clock.GetUtcNow();
    }

    // A site that is away keeps what it had: its addresses stay as they are.
    private async Task<ImmutableArray<GatewayStatus>> GatewaysOf(SiteId site)
    {
        try
        {
            return await GrainFactory.Site(site).Gateways();
        }
        catch (SiteOfflineException)
        {
            return [.. gateways.Where(gateway => gateway.Host.Site == site)];
        }
    }

    /// <summary>What is stored.</summary>
    public sealed class Stored
    {
        /// <summary>The addresses.</summary>
        public PublicAddresses Addresses { get; set; } = new();
    }
}
