using System.Net;
using Federation.Domain.Sites;
using Federation.Files.Feeds;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Files.Tests.Feeds;

public sealed class RemoteFeedsTests : IDisposable
{
    private const string Prices = "zone,instance_type,usd_per_hour,since\nz1,std-4,0.5,2022-05-31T18:20:41Z\n";
    private static readonly Uri Address = new("https://prices.example/rennes.csv");
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly PriceServer server = new();
    private readonly TemporaryFolder folder = new();
    private readonly HttpClient http;
    private readonly RemoteFeeds feeds;

    public RemoteFeedsTests()
    {
        http = new HttpClient(server);
        feeds = new RemoteFeeds(http, new() { Retries = 1, Pause = TimeSpan.Zero, FailuresToBreak = 4, Break = TimeSpan.FromMinutes(30) }, clock);
        folder.With("rennes.yaml", Samples.Site.Replace("price: 0", $"price: {{ feed: \"{Address}\" }}", StringComparison.Ordinal)
            .Replace("  aws-eu-west-3: { latency: 12ms, bandwidth: 2.5Gbps, egressPerGB: 0 }", "  {}", StringComparison.Ordinal));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_price_is_unknown_until_the_feed_was_fetched_and_never_zero()
    {
        PriceNow().ShouldBeNull();
        (await feeds.Refresh(Cancel)).ShouldBeTrue();
        PriceNow().ShouldBe(0.5m);
    }

    [Fact]
    public async Task A_feed_that_is_away_keeps_its_prices_until_they_are_stale_and_gets_them_back()
    {
        PriceNow();
        await feeds.Refresh(Cancel);
        server.Answer = HttpStatusCode.InternalServerError;
        clock.Advance(TimeSpan.FromMinutes(59));
        (await feeds.Refresh(Cancel)).ShouldBeFalse();
        PriceNow().ShouldBe(0.5m);
        feeds.Failing[Address].ShouldContain("500");

        clock.Advance(TimeSpan.FromMinutes(2));
        PriceNow().ShouldBeNull();

        server.Answer = HttpStatusCode.OK;
        clock.Advance(TimeSpan.FromMinutes(10));
        await feeds.Refresh(Cancel);
        PriceNow().ShouldBe(0.5m);
        feeds.Failing.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fetch_that_fails_is_repeated_and_one_that_fails_again_and_again_is_left_alone_for_a_while()
    {
        PriceNow();
        server.Answer = HttpStatusCode.BadGateway;
        await feeds.Refresh(Cancel);
        server.Requests.ShouldBe(2);
        await feeds.Refresh(Cancel);
        server.Requests.ShouldBe(2, "it is not due");

        clock.Advance(TimeSpan.FromMinutes(5));
        await feeds.Refresh(Cancel);
        server.Requests.ShouldBe(4);
        clock.Advance(TimeSpan.FromMinutes(5));
        await feeds.Refresh(Cancel);
        server.Requests.ShouldBe(4, "the breaker is open");

        server.Answer = HttpStatusCode.OK;
        clock.Advance(TimeSpan.FromMinutes(30));
        await feeds.Refresh(Cancel);
        PriceNow().ShouldBe(0.5m);
    }

    [Fact]
    public async Task A_fetch_that_hangs_is_given_up()
    {
        PriceNow();
        server.Hangs = true;
        var refresh = feeds.Refresh(Cancel);
        while (!refresh.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await refresh).ShouldBeFalse();
        feeds.Failing.ShouldContainKey(Address);
        PriceNow().ShouldBeNull();
    }

    [Fact]
    public void An_unknown_price_survives_being_written_and_read() =>
        SiteFile.Parse(SiteFile.ToJson(Site()), "again").Value!.Offers[0].Price.At(DateTimeOffset.MaxValue.AddDays(-1)).ShouldBeNull();

    [Theory]
    [InlineData("http://prices.example/rennes.csv", "is no https address")]
    [InlineData("ftp://prices.example/rennes.csv", "is no https address")]
    public void Only_https_is_followed(string address, string problem)
    {
        folder.With("rennes.yaml", File.ReadAllText(Path.Combine(folder.Path, "rennes.yaml")).Replace($"{Address}", address, StringComparison.Ordinal));
        FederationDirectory.Read(folder.Path, feeds).Faults.ShouldContain(fault => fault.Problem == problem);
    }

    public void Dispose()
    {
        http.Dispose();
        server.Dispose();
        folder.Dispose();
    }

    private Site Site()
    {
        var read = FederationDirectory.Read(folder.Path, feeds);
        read.Faults.ShouldBeEmpty();
        return read.Value!.Values.Single();
    }

    private decimal? PriceNow() => Site().Offers[0].Price.At(clock.GetUtcNow());

    private sealed class PriceServer : HttpMessageHandler
    {
        public HttpStatusCode Answer { get; set; } = HttpStatusCode.OK;

        public bool Hangs { get; set; }

        public int Requests { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            if (Hangs)
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            return new(Answer) { Content = new StringContent(Prices) };
        }
    }
}
