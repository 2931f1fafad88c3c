using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Networks;

/// <summary>The public addresses of a whole federation: which VM has which. Immutable; holds collections: compared by reference.</summary>
public sealed record PublicAddresses
{
    /// <summary>An address that was given back is nobody's for so long: a gateway that was cut off may still hold it.</summary>
    public static readonly TimeSpan RestsFor = TimeSpan.FromMinutes(1);

    /// <summary>The addresses that VMs have.</summary>
    public ImmutableSortedDictionary<Address, PublicHolder> Taken { get; init; } = ImmutableSortedDictionary<Address, PublicHolder>.Empty;

    /// <summary>Addresses that were given back, each with whose it was and when.</summary>
    public ImmutableSortedDictionary<Address, GivenBack> Resting { get; init; } = ImmutableSortedDictionary<Address, GivenBack>.Empty;

    /// <summary>The address that was given last: the next one is looked for behind it, so that one that was given back is given again as late as possible.</summary>
    public Address? Last { get; init; }

    /// <summary>Gives an application's VMs what they wish for, and takes back what they wish for no more.</summary>
    /// <remarks>
    /// A VM that has what it wishes for keeps it, also where no gateway is known at the moment. All public addresses of one application are at one site, and there is a gateway there that owns them all: VMs have one way out.
    /// </remarks>
    /// <param name="application">The application.</param>
    /// <param name="wishes">What its VMs wish for.</param>
    /// <param name="gateways">All gateways of the federation.</param>
    /// <param name="now">The time.</param>
    /// <returns>What each VM gets: an address, or why not.</returns>
    public (PublicAddresses Next, ImmutableSortedDictionary<VmId, PublicAnswer> Answers) Ask(
        AppId application, ImmutableSortedDictionary<VmId, PublicWish> wishes, ImmutableArray<GatewayRanges> gateways, DateTimeOffset now)
    {
        var before = Taken.Where(taken => taken.Value.Vm.Application == application).ToDictionary(taken => taken.Value.Vm.Vm, taken => taken.Key);
        var kept = before.Where(one => wishes.TryGetValue(one.Key, out var wish) && Fits(wish, one.Value, Taken[one.Value], gateways)).ToDictionary();
        var gone = before.Where(one => !kept.ContainsKey(one.Key)).ToList();
        var over = Resting.Where(resting => now - resting.Value.At >= RestsFor).Select(resting => resting.Key).ToList();
        var next = gone.Count + over.Count == 0 ? this : this with
        {
            Taken = Taken.RemoveRange(gone.Select(one => one.Value)),
            Resting = Resting.RemoveRange(over).SetItems(gone.Select(one => KeyValuePair.Create(one.Value, new GivenBack(new(application, one.Key), now)))),
        };
        var common = gateways;
        foreach (var address in kept.Values)
        {
            common = Narrowed(common, address) is { IsEmpty: false } narrower ? narrower : common;
        }

        var answers = kept.ToImmutableSortedDictionary(one => one.Key, one => new PublicAnswer(one.Value, null)).ToBuilder();
        foreach (var (vm, wish) in wishes.Where(wish => !kept.ContainsKey(wish.Key)))
        {
            var (address, refusal) = next.Pick(new(application, vm), wish, gateways, common);
            answers[vm] = new(address, refusal);
            if (address is { } given)
            {
                common = Narrowed(common, given);
                next = next with
                {
                    Taken = next.Taken.SetItem(given, new(new(application, vm), common[0].Host.Site)),
                    Resting = next.Resting.Remove(given),
                    Last = wish.Site is null ? next.Last : given,
                };
            }
        }

        return (next, answers.ToImmutable());
    }

    private (Address? Address, Refusal? Refusal) Pick(VmRef vm, PublicWish wish, ImmutableArray<GatewayRanges> all, ImmutableArray<GatewayRanges> common)
    {
        if (wish.Address is { } named)
        {
            return !all.Any(gateway => gateway.Has(named)) ? (null, Refusal.PublicAddressUnknown(vm, named))
                : !common.Any(gateway => gateway.Has(named)) ? (null, Refusal.PublicAddressesApart(vm, $"{named}"))
                : Taken.TryGetValue(named, out var holder) ? (null, Refusal.PublicAddressTaken(vm, named, holder.Vm))
                : Resting.TryGetValue(named, out var resting) && resting.Vm != vm ? (null, Refusal.PublicAddressRests(vm, named))
                : (named, null);
        }

        var site = wish.Site!.Value;
        var there = common.Where(gateway => gateway.Host.Site == site).ToImmutableArray();
        if (there.IsEmpty)
        {
            return (null, all.Any(gateway => gateway.Host.Site == site) ? Refusal.PublicAddressesApart(vm, $"{site}") : Refusal.NoGateway(vm, site));
        }

        // Those that most gateways own come first: one of these can take over.
        var free = there.SelectMany(gateway => gateway.Ranges).SelectMany(range => range.Addresses()).Distinct()
            .Where(address => !Taken.ContainsKey(address) && (!Resting.TryGetValue(address, out var resting) || resting.Vm == vm))
            .OrderByDescending(address => there.Count(gateway => gateway.Has(address)))
            .ThenBy(address => address.CompareTo(Last ?? default) <= 0).ThenBy(address => address)
            .Select(address => (Address?)address).FirstOrDefault();
        return free is { } given ? (given, null) : (null, Refusal.PublicAddressesUsed(vm, site));
    }

    // Where nothing is known of a site's gateways, as while it is away, its addresses stay as they are.
    private static bool Fits(PublicWish wish, Address address, PublicHolder holder, ImmutableArray<GatewayRanges> gateways) =>
        (wish.Address == address || wish.Site == holder.Site) && (!gateways.Any(gateway => gateway.Host.Site == holder.Site) || gateways.Any(gateway => gateway.Has(address)));

    private static ImmutableArray<GatewayRanges> Narrowed(ImmutableArray<GatewayRanges> gateways, Address address) => [.. gateways.Where(gateway => gateway.Has(address))];
}

/// <summary>Whose a public address is.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Site">The site whose gateways own the address.</param>
public readonly record struct PublicHolder(VmRef Vm, SiteId Site);

/// <summary>A public address that was given back.</summary>
/// <param name="Vm">Whose it was: that one may have it again at once.</param>
/// <param name="At">When.</param>
public readonly record struct GivenBack(VmRef Vm, DateTimeOffset At);

/// <summary>What becomes of a VM's wish for a public address.</summary>
/// <param name="Address">The address; null: it gets none.</param>
/// <param name="Refusal">Why it gets none; null: it has one.</param>
public sealed record PublicAnswer(Address? Address, Refusal? Refusal);

/// <summary>A gateway with the addresses that it owns. Holds a list: compared by reference.</summary>
/// <param name="Host">The host.</param>
/// <param name="Ranges">Its addresses.</param>
public sealed record GatewayRanges(VtepId Host, ImmutableArray<PublicRange> Ranges)
{
    /// <summary>Whether it owns an address.</summary>
    public bool Has(Address address) => Ranges.Any(range => range.Contains(address));
}
