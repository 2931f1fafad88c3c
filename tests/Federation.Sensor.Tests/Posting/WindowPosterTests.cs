using System.ComponentModel.DataAnnotations;
using System.Net;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Posting;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Posting;

public sealed class WindowPosterTests
{
    private const int Retries = 3;
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 17, 52, 3, TimeSpan.Zero);
    private static readonly Guid Boot = Guid.Parse("5d3ab5a2-6a52-4a0c-9f06-1f8d5a6f9d11");
    private readonly FakeTimeProvider clock = new(Now);
    private readonly List<PostRetry> heard = [];

    [Fact]
    public async Task Reports_arrive_in_order_in_batches_of_the_size_that_was_asked_for()
    {
        using var service = new FakeService();
        var result = await Post(service, reports: 7);
        result.ShouldBeEquivalentTo(new PostResult { Answered = 7, Accepted = 7, ServiceTime = FakeService.ServiceTime });
        service.Batches.Select(batch => batch.Windows.Length).ShouldBe([3, 3, 1]);
        service.Batches.SelectMany(batch => batch.Windows).Select(window => window.Sequence).ShouldBe([1, 2, 3, 4, 5, 6, 7]);
    }

    [Fact]
    public async Task Each_request_names_its_sensor_and_carries_the_token()
    {
        using var service = new FakeService();
        await Post(service, reports: 1);
        service.Requests.ShouldHaveSingleItem().Credentials.ShouldBe("Bearer secret");
        service.Requests[0].Address.ShouldBe(new Uri("https://placement.example/base/v1/windows"));
        var batch = service.Batches.Single();
        (batch.Sensor, batch.Boot, batch.Application).ShouldBe(("host1", Boot, "cg"));
    }

    [Fact]
    public async Task Nothing_is_sent_when_there_is_nothing_to_report()
    {
        using var service = new FakeService();
        (await Post(service, reports: 0)).ShouldBe(PostResult.None);
        service.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Answers_add_up_over_the_batches()
    {
        const string Mixed = """
            { "accepted": 1, "duplicates": 1, "now": "2026-11-23T17:52:03Z",
              "refused": [ { "vm": "vm3", "start": "2026-11-23T17:51:00Z", "reason": "unknown VM" } ] }
            """;
        using var service = new FakeService(FakeService.Says(HttpStatusCode.OK, Mixed));
        var result = await Post(service, reports: 5);
        (result.Answered, result.Accepted, result.Duplicates, result.Failure).ShouldBe((5, 3, 1, null));
        result.Refused.ShouldBe([new RefusedWindow("vm3", "2026-11-23T17:51:00Z", "unknown VM")]);
    }

    [Theory]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    [InlineData(HttpStatusCode.InsufficientStorage)]
    public async Task A_busy_service_gets_the_same_batch_again(HttpStatusCode status)
    {
        using var service = new FakeService(FakeService.Says(status), FakeService.IsAway);
        var result = await Post(service, reports: 2);
        (result.Answered, result.Failure).ShouldBe((2, null));
        service.Requests.Select(request => request.Body).Distinct().ShouldHaveSingleItem();
        heard.Select(retry => retry.Attempt).ShouldBe([1, 2]);
        heard[0].Reason.ShouldStartWith($"{(int)status}");
    }

    [Fact]
    public async Task A_service_that_stays_away_is_given_up_after_the_retries()
    {
        using var service = new FakeService([.. Enumerable.Repeat(FakeService.IsAway, 100)]);
        var failure = (await Post(service, reports: 2)).Failure.ShouldNotBeNull();
        failure.Kind.ShouldBe(PostFailureKind.Unreachable);
        failure.Reason.ShouldContain("Connection refused");
        service.Requests.Count.ShouldBe(Retries + 1);
    }

    [Fact]
    public async Task A_service_that_never_answers_is_given_up_alike()
    {
        using var service = new FakeService([.. Enumerable.Repeat(FakeService.NeverAnswers, 100)]);
        (await Post(service, reports: 2)).Failure.ShouldNotBeNull().Kind.ShouldBe(PostFailureKind.Unreachable);
        service.Requests.Count.ShouldBe(Retries + 1);
    }

    [Fact]
    public async Task The_wait_that_the_service_asks_for_is_kept_up_to_the_limit()
    {
        using var service = new FakeService(
            FakeService.Says(HttpStatusCode.TooManyRequests, retryAfter: TimeSpan.FromSeconds(2)),
            FakeService.Says(HttpStatusCode.TooManyRequests, retryAfter: TimeSpan.FromHours(1)));
        await Post(service, reports: 1);
        heard.Select(retry => retry.Delay).ShouldBe([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)]);
    }

    [Fact]
    public async Task Waits_grow_but_never_beyond_the_limit()
    {
        using var service = new FakeService([.. Enumerable.Repeat(FakeService.IsAway, 100)]);
        await Post(service, reports: 1);
        heard.Count.ShouldBe(Retries);
        heard.ShouldAllBe(retry => retry.Delay > TimeSpan.Zero && retry.Delay <= TimeSpan.FromSeconds(4));
    }

    [Theory]
    [InlineData("""{ "title": "Forbidden", "detail": "the token is for bt" }""", "the token is for bt")]
    [InlineData("""{ "title": "Forbidden" }""", "Forbidden")]
    [InlineData("plain\ntext", "plain text")]
    [InlineData("", "403 Forbidden")]
    public async Task A_no_is_reported_in_the_services_own_words_and_not_repeated(string body, string reason)
    {
        using var service = new FakeService(FakeService.Says(HttpStatusCode.Forbidden, body));
        var result = await Post(service, reports: 5);
        result.Answered.ShouldBe(0);
        result.Failure.ShouldNotBeNull().Kind.ShouldBe(PostFailureKind.Rejected);
        result.Failure.Reason.ShouldEndWith(reason);
        service.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_was_answered_before_a_failure_is_still_told()
    {
        const string Taken = """{ "accepted": 3, "duplicates": 0, "refused": [], "now": "2026-11-23T17:52:03Z" }""";
        using var service = new FakeService(
            FakeService.Says(HttpStatusCode.OK, Taken), FakeService.Says(HttpStatusCode.NotFound));
        var result = await Post(service, reports: 7);
        (result.Answered, result.Accepted).ShouldBe((3, 3));
        result.Failure.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("<html>welcome</html>")]
    [InlineData("""{ "accepted": 1 }""")]
    [InlineData("null")]
    public async Task Another_program_that_answers_at_the_address_is_not_taken_for_the_service(string body)
    {
        using var service = new FakeService(FakeService.Says(HttpStatusCode.OK, body));
        (await Post(service, reports: 1)).Failure.ShouldNotBeNull().Kind.ShouldBe(PostFailureKind.Rejected);
    }

    [Fact]
    public async Task Posting_can_be_cancelled()
    {
        using var service = new FakeService(FakeService.NeverAnswers);
        using var http = new HttpClient(service);
        using var cancel = new CancellationTokenSource();
        var posting = new WindowPoster(http, Options(), clock).Post(AppId.Parse("cg"), Reports(1), cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(posting);
    }

    [Fact]
    public async Task Where_one_address_of_the_service_does_not_answer_the_next_is_asked_and_stayed_with()
    {
        using var service = new FakeService(FakeService.IsAway, FakeService.Says(HttpStatusCode.ServiceUnavailable));
        var result = await Post(service, reports: 4, "https://a.example", "https://b.example", "https://c.example");
        result.Accepted.ShouldBe(4);
        service.Requests.Select(request => request.Address!.Host).ShouldBe(["a.example", "b.example", "c.example", "c.example"]);
    }

    [Fact]
    public async Task Who_is_told_to_be_slower_is_so_at_the_same_address()
    {
        using var service = new FakeService(FakeService.Says(HttpStatusCode.TooManyRequests));
        await Post(service, reports: 1, "https://a.example", "https://b.example");
        service.Requests.Select(request => request.Address!.Host).ShouldBe(["a.example", "a.example"]);
    }

    [Theory]
    [InlineData("placement.example:8443")]
    [InlineData("ftp://placement.example")]
    [InlineData("/v1")]
    public void A_server_that_is_no_http_address_is_refused(string server)
    {
        using var http = new HttpClient();
        var address = new Uri(server, UriKind.RelativeOrAbsolute);
        var options = new WindowPosterOptions { Server = new(address), Token = "secret" };
        Should.Throw<ValidationException>(() => new WindowPoster(http, options, clock)).Message.ShouldContain(server);
    }

    [Fact]
    public void A_batch_of_nothing_is_refused()
    {
        using var http = new HttpClient();
        var options = new WindowPosterOptions { Server = new(new Uri("http://127.0.0.1")), Token = "secret", BatchSize = 0 };
        Should.Throw<ValidationException>(() => new WindowPoster(http, options, clock)).Message.ShouldContain("BatchSize");
    }

    private static WindowPosterOptions Options(params string[] servers) => new()
    {
        Server = new([.. servers.DefaultIfEmpty("https://placement.example/base/").Select(server => new Uri(server))]),
        Token = "secret",
        BatchSize = 3,
        Retries = Retries,
        MaxDelay = TimeSpan.FromSeconds(4),
    };

    /// <summary>Posts with a clock that moves on whenever the poster waits.</summary>
    private async Task<PostResult> Post(FakeService service, int reports, params string[] servers)
    {
        using var http = new HttpClient(service);
        var posting = new WindowPoster(http, Options(servers), clock, heard.Add).Post(AppId.Parse("cg"), Reports(reports));
        while (!posting.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await posting;
    }

    private static IEnumerable<NumberedReport> Reports(int count) => Enumerable.Range(1, count).Select(sequence =>
        new NumberedReport(new ReportOrigin("host1", Boot, sequence), Report($"vm{sequence}")));

    private static WindowReport Report(string vm) => new(
        new VmId(vm),
        Window.LastClosed(Now),
        [new TrafficRecord(Address.Parse("10.42.0.1"), FlowDirection.Received, 1, 66)],
        Window.Length);
}
