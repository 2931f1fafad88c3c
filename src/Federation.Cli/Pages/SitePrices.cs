using System.Globalization;
using System.Text.Json;
using Federation.Files;

namespace Federation.Cli.Pages;

/// <summary>What a site's VMs cost, in one cell.</summary>
internal static class SitePrices
{
    /// <summary>The prices per hour from the cheapest to the dearest offer; "unknown" where no price is known at that time.</summary>
    /// <param name="spec">The site's description.</param>
    /// <param name="at">When.</param>
    public static string Of(JsonElement spec, DateTimeOffset at)
    {
        var site = SiteFile.Parse(spec.GetRawText(), "").Value;
        var prices = site?.Offers.Select(offer => offer.Price.At(at)).OfType<decimal>().Order().ToList() ?? [];
        return prices switch
        {
            [] => "unknown",
            [var only] => $"{Text(only)} {site!.Currency}",
            [var least, .., var most] when least == most => $"{Text(least)} {site!.Currency}",
            [var least, .., var most] => $"{Text(least)} to {Text(most)} {site!.Currency}",
        };
    }

    private static string Text(decimal price) => price.ToString("0.####", CultureInfo.InvariantCulture);
}
