using System.Text.Json;
using Federation.Cli.Pages;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Output;

public sealed class SitePricesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0.046", null, "0.046 EUR")]
    [InlineData("0.046", "0.384", "0.046 to 0.384 EUR")]
    [InlineData("0.384", "0.046", "0.046 to 0.384 EUR")]
    [InlineData("0.5", "0.50", "0.5 EUR")]
    [InlineData("0", null, "0 EUR")]
    [InlineData("""[{"from":"2026-11-23T17:00:00Z","perHour":0.2},{"from":"2026-11-23T19:00:00Z","perHour":0.9}]""", null, "0.2 EUR")]
    [InlineData("""[{"from":"2026-11-23T19:00:00Z","perHour":0.9}]""", null, "unknown")]
    [InlineData("\"what a later version may write\"", null, "unknown")]
    public void Prices_are_those_that_hold_now(string first, string? second, string cell)
    {
        var offers = string.Join(',', new[] { first, second }.OfType<string>()
            .Select((price, i) => $$"""{"name":"o{{i}}","vcpus":4,"memory":"16GiB","price":{{price}}}"""));
        var spec = JsonSerializer.Deserialize<JsonElement>(
            $$"""{"site":"rennes","kind":"cloud","region":"eu-west","currency":"EUR","offers":[{{offers}}],"network":{"latency":"1ms","bandwidth":"1Gbps","internetEgressPerGB":0} }""");
        SitePrices.Of(spec, Now).ShouldBe(cell);
    }
}
