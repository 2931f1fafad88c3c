using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Files.Tests.Feeds;

public sealed class FeedFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();

    public FeedFileTests() => folder.With("rennes.yaml", Samples.Site.Replace("price: 0", "price: { feed: prices.csv }", StringComparison.Ordinal)
        .Replace("  aws-eu-west-3: { latency: 12ms, bandwidth: 2.5Gbps, egressPerGB: 0 }", "  {}", StringComparison.Ordinal));

    [Theory]
    [InlineData("zone,instance_type,usd_per_hour,since\nz1,std-4,0.5,2022-05-31T18:20:41Z\n")]
    [InlineData("\"zone\",\"instance_type\",\"usd_per_hour\",\"since\"\r\n\"z1\",\"std-4\",\"0.5\",\"2022-05-31T18:20:41Z\"\r\n")]
    [InlineData("\uFEFFsince,usd_per_hour,instance_type,zone,product\n2022-05-31T18:20:41Z,0.5,std-4,z1,\"Linux/UNIX, shared\"\n")]
    public void A_feed_is_read_as_programs_write_it(string feed)
    {
        folder.With("prices.csv", feed);
        var read = FederationDirectory.Read(folder.Path);
        read.Faults.ShouldBeEmpty();
        read.Value![new SiteId("rennes")].Offers[0].Price.At(Now).ShouldBe(0.5m);
    }

    [Theory]
    [InlineData("zone,type,usd_per_hour,since\nz1,std-4,0.5,2022-05-31T18:20:41Z\n", 1, "is another header: it has no instance_type")]
    [InlineData("z1,std-4,0.5,2022-05-31T18:20:41Z\n", 1, "is another header: it has no zone, instance_type, usd_per_hour, since")]
    [InlineData("", 0, "is empty")]
    public void A_feed_with_another_header_is_one_fault_and_no_price_is_missed_in_it(string feed, int line, string problem)
    {
        folder.With("prices.csv", feed);
        var fault = FederationDirectory.Read(folder.Path).Faults.ShouldHaveSingleItem();
        fault.File.ShouldEndWith("prices.csv");
        (fault.Line, fault.Problem).ShouldBe((line, problem));
    }

    [Fact]
    public void Every_bad_cell_of_a_feed_is_told_with_its_column()
    {
        folder.With("prices.csv", "zone,instance_type,usd_per_hour,since\nz1,std-4,0.5,2022-05-31T18:20:41Z\nz1,std-4,\"0,5\",yesterday\n");
        FederationDirectory.Read(folder.Path).Faults.Select(fault => $"{fault.Line} {fault.Key} {fault.Value}").ShouldBe(["3 usd_per_hour 0,5", "3 since yesterday"]);
    }

    public void Dispose() => folder.Dispose();
}
