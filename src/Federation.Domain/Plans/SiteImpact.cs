using System.Collections.Immutable;
using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Sites;

namespace Federation.Domain.Plans;

/// <summary>What a change of a site can mean: whom it can touch, and how much it can be worth to them. Compared by reference.</summary>
/// <remarks>
/// An upper bound, made to look first where most can be gained, and not at all where nothing can: a site that has only become dearer is of no new
/// use to whoever is not there.
/// </remarks>
/// <param name="Site">The site as it is now.</param>
/// <param name="Changes">By how much an hour on each offer that has changed differs from before, at most, in currency; zero or more.</param>
/// <param name="Attracts">The offers that have become better for who comes, in the site's order.</param>
public sealed record SiteImpact(Site Site, ImmutableSortedDictionary<string, double> Changes, ImmutableArray<Offer> Attracts)
{
    private double Most => Changes.Values.DefaultIfEmpty().Max();

    /// <summary>Compares two descriptions of a site, for what is from an instant on.</summary>
    public static SiteImpact Between(Site before, Site after, DateTimeOffset now)
    {
        // Anything but prices can be worth a whole offer, to whoever is there or comes.
        var rest = Text(before with { Offers = [], Withdrawn = [] }) != Text(after with { Offers = [], Withdrawn = [] });
        var changes = ImmutableSortedDictionary.CreateBuilder<string, double>();
        var attracts = ImmutableArray.CreateBuilder<Offer>();
        foreach (var offer in after.Offers)
        {
            var old = before.OfferNamed(offer.Name);
            var isOther = rest || old is null || Text(old with { Price = offer.Price }) != Text(offer);
            var (falls, most) = isOther ? (true, PriceOf(offer, now)) : Difference(old!.Price, offer.Price, now);
            if (falls)
            {
                attracts.Add(offer);
            }

            if (isOther || most > 0)
            {
                changes[offer.Name] = most;
            }
        }

        foreach (var gone in before.Offers.Where(offer => after.OfferNamed(offer.Name) is null))
        {
            changes[gone.Name] = PriceOf(gone, now);
        }

        return new(after, changes.ToImmutable(), attracts.DrainToImmutable());
    }

    /// <summary>What it can be worth an hour to an application that is there, by the offers that its VMs are on.</summary>
    public double WorthToOccupant(IEnumerable<string> offers) => offers.Sum(offer =>
        Math.Max(Changes.GetValueOrDefault(offer), Attracts.IsEmpty ? 0 : Most));

    /// <summary>What it can be worth an hour to an application that may come with so many VMs.</summary>
    public double WorthToArrival(int vms) => Attracts.IsEmpty ? 0 : vms * Most;

    private static double PriceOf(Offer offer, DateTimeOffset now) => (double)(offer.Price.At(now) ?? offer.Price.Entries[0].PerHour);

    // Where one of the two is not known there is a change, and it may be for the better.
    private static (bool Falls, double Most) Difference(PriceSchedule before, PriceSchedule after, DateTimeOffset now)
    {
        var (falls, most) = (false, 0.0);
        foreach (var at in before.Entries.Concat(after.Entries).Select(entry => entry.From).Where(from => from > now).Append(now))
        {
            var (old, next) = (before.At(at), after.At(at));
            if (old != next)
            {
                falls |= old is null || next is null || next < old;
                most = Math.Max(most, (double)Math.Abs((old ?? 0) - (next ?? 0)));
            }
        }

        return (falls, most);
    }

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, DomainJson.Options);
}

/// <summary>An application whose placement is to be looked at.</summary>
/// <param name="Application">The application.</param>
/// <param name="Worth">What that can be worth an hour, in currency, at most; decides who comes first.</param>
public readonly record struct WantedLook(AppId Application, double Worth);
