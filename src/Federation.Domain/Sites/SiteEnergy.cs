using System.Text.Json.Serialization;

namespace Federation.Domain.Sites;

/// <summary>What a site's VMs take of power, and what that emits. Compared by reference.</summary>
/// <param name="WattsPerVcpu">The power of a vCPU in use, its share of its host and of cooling in it, W; 0 or more.</param>
/// <param name="GramsPerKWh">Grams of CO2e for each kWh as they change over time, written as a schedule of prices is; before its first entry nothing is counted.</param>
public sealed record SiteEnergy(double WattsPerVcpu, PriceSchedule GramsPerKWh)
{
    /// <summary>
    /// What one host of the site takes at rest, whether or not VMs are on it, W; 0 or more; null: not known. Where it is, a vCPU's watts are
    /// what it takes beyond that. Plans do not count it: which hosts are on is for the site to decide.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? WattsPerHost { get; init; }

    private const decimal GramsPerTonne = 1_000_000;

    /// <summary>What so many vCPUs emit over so many seconds from an instant on, in grams of CO2e.</summary>
    public double Grams(int vcpus, DateTimeOffset from, double seconds) => vcpus * WattsPerVcpu / 1000 * GramsPerKWh.KnownOver(from, seconds);

    /// <summary>An offer with what its emissions cost in its price.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="perTonne">The price of a tonne of CO2e, in currency; 0 or more.</param>
    public Offer WithCarbon(Offer offer, decimal perTonne)
    {
        var perGram = offer.Vcpus * (decimal)WattsPerVcpu / 1000 / GramsPerTonne * perTonne;
        var price = offer.Price;
        // Before its first entry a price is unknown, whatever is emitted.
        var steps = price.Entries.Concat(GramsPerKWh.Entries.Where(entry => entry.From > price.Entries[0].From)).Select(entry => entry.From).Distinct();
        return offer with { Price = new(steps.Select(from => new PriceEntry(from, price.At(from)!.Value + (perGram * (GramsPerKWh.At(from) ?? 0))))) };
    }
}
