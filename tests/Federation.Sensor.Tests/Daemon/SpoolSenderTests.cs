using System.Net;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Daemon;
using Federation.Sensor.Posting;
using Federation.Sensor.Spool;
using Federation.Sensor.Tests.Posting;
using Federation.Sensor.Tests.Spool;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Daemon;

public sealed class SpoolSenderTests
{
    private static readonly Guid Boot = Guid.Parse("5d3ab5a2-6a52-4a0c-9f06-1f8d5a6f9d11");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_service_has_answered_for_leaves_the_spool()
    {
        var (spool, service) = (SpoolOf("cg", "cg", "lu"), new FakeService());
        using var sender = SenderOf(spool, service, out _);
        (await sender.SendAll(Cancel)).ShouldBeTrue();
        spool.Figures.Reports.ShouldBe(0);
        service.Batches.Select(batch => (batch.Application, batch.Windows.Length)).ShouldBe([("cg", 2), ("lu", 1)]);
        (sender.Status.Delivered, sender.Status.Failure).ShouldBe((3, null));
    }

    [Fact]
    public async Task While_the_service_is_away_everything_stays_and_is_sent_when_it_is_back()
    {
        var spool = SpoolOf("cg", "cg");
        using var sender = SenderOf(spool, new FakeService(FakeService.IsAway, FakeService.IsAway), out _);
        (await sender.SendAll(Cancel)).ShouldBeFalse();
        spool.Figures.Reports.ShouldBe(2);
        sender.Status.Failure.ShouldNotBeNull().ShouldContain("Connection refused");
        (await sender.SendAll(Cancel)).ShouldBeTrue();
        (spool.Figures.Reports, sender.Status.Failure).ShouldBe((0, null));
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.InsufficientStorage)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task Whatever_is_out_at_the_service_everything_stays_and_the_reason_is_the_services_own(HttpStatusCode status)
    {
        var spool = SpoolOf("cg", "cg");
        var outage = FakeService.Says(status, """{"title":"Out","detail":"what is out"}""");
        using var sender = SenderOf(spool, new FakeService(outage, outage), out _);
        (await sender.SendAll(Cancel)).ShouldBeFalse();
        spool.Figures.Reports.ShouldBe(2);
        sender.Status.Failure.ShouldNotBeNull().ShouldContain("what is out");
        (await sender.SendAll(Cancel)).ShouldBeTrue();
        spool.Figures.Reports.ShouldBe(0);
    }

    [Fact]
    public async Task An_application_that_is_refused_for_now_waits_and_does_not_stop_the_others()
    {
        var spool = SpoolOf("cg", "lu");
        using var sender = SenderOf(spool, new FakeService(FakeService.Says(HttpStatusCode.NotFound, """{"detail":"there is no application"}""")), out var time);
        (await sender.SendAll(Cancel)).ShouldBeFalse();
        spool.Applications.ShouldBe([AppId.Parse("cg")]);
        (await sender.SendAll(Cancel)).ShouldBeFalse();
        spool.Figures.Reports.ShouldBe(1);
        time.Pass(TimeSpan.FromMinutes(1));
        (await sender.SendAll(Cancel)).ShouldBeTrue();
        spool.Figures.Reports.ShouldBe(0);
    }

    [Fact]
    public async Task Why_an_application_waits_is_told_until_it_goes_on_whatever_the_others_do()
    {
        var spool = SpoolOf("cg", "lu", "lu");
        var refusal = FakeService.Says(HttpStatusCode.Forbidden, """{"detail":"vm1 was not on rennes/h1"}""");
        using var sender = SenderOf(spool, new FakeService(refusal), out var time);
        await sender.SendAll(Cancel);
        (sender.Status.Failure, sender.Status.Answer, sender.Status.IsAway).ShouldBe(("403 Forbidden: vm1 was not on rennes/h1", 403, false));
        time.Pass(TimeSpan.FromMinutes(1));
        (await sender.SendAll(Cancel)).ShouldBeTrue();
        (sender.Status.Failure, sender.Status.Answer, sender.Status.IsAway).ShouldBe((null, null, false));
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_away_and_one_that_answers_is_not()
    {
        using var away = SenderOf(SpoolOf("cg"), new FakeService(FakeService.IsAway, FakeService.IsAway), out _);
        await away.SendAll(Cancel);
        (away.Status.Answer, away.Status.IsAway).ShouldBe((null, true));

        var outage = FakeService.Says(HttpStatusCode.ServiceUnavailable);
        using var isOut = SenderOf(SpoolOf("cg"), new FakeService(outage, outage), out _);
        await isOut.SendAll(Cancel);
        (isOut.Status.Answer, isOut.Status.IsAway).ShouldBe((503, false));
    }

    [Fact]
    public async Task A_wrong_token_stops_everything_and_loses_nothing()
    {
        var (spool, service) = (SpoolOf("cg", "lu"), new FakeService(FakeService.Says(HttpStatusCode.Unauthorized)));
        using var sender = SenderOf(spool, service, out _);
        (await sender.SendAll(Cancel)).ShouldBeFalse();
        (service.Requests.Count, spool.Figures.Reports).ShouldBe((1, 2));
    }

    [Fact]
    public async Task A_body_that_is_refused_is_halved_until_the_one_report_is_found_and_set_aside()
    {
        var spool = SpoolOf("cg", "cg", "cg");
        var refusal = FakeService.Says(HttpStatusCode.BadRequest, """{"detail":"no"}""");
        var service = new FakeService(refusal, refusal);
        using var sender = SenderOf(spool, service, out _);
        (await sender.SendAll(Cancel)).ShouldBeTrue();
        service.Batches.Select(batch => batch.Windows.Length).ShouldBe([3, 1, 2]);
        (spool.Figures.Reports, sender.Status.Refused, sender.Status.Delivered).ShouldBe((0, 1, 2));
    }

    [Fact]
    public async Task Reports_that_spoil_their_body_are_dropped_alone_whatever_entries_they_are_in() => await (
        from vms in Gen.Int[1, 4].Array[1, 6]
        from poison in Gen.Bool.Array[24]
        select (vms, poison)).SampleAsync(async sample =>
    {
        var spool = new WindowSpool(new CrashingDisk(), new SpoolOptions());
        var sequence = 0L;
        for (var window = 0; window < sample.vms.Length; window++)
        {
            spool.Append(AppId.Parse("cg"), [.. Enumerable.Range(0, sample.vms[window]).Select(vm => Report(Boot, ++sequence, window, $"vm{vm}"))]);
        }

        var all = Enumerable.Range(1, (int)sequence).ToLookup(number => sample.poison[number - 1]);
        var service = new FakeService { Refuses = batch => batch.Windows.Any(window => sample.poison[window.Sequence - 1]) };
        using var sender = SenderOf(spool, service, out _);
        (await sender.SendAll(CancellationToken.None)).ShouldBeTrue();

        service.Taken.Order().ShouldBe(all[false].Select(number => (long)number));
        (spool.Figures.Reports, sender.Status.Delivered, sender.Status.Refused, sender.Status.Failure)
            .ShouldBe((0, all[false].Count(), all[true].Count(), null));
    }, iter: 200);

    [Fact]
    public async Task While_one_report_is_looked_for_a_service_that_goes_away_loses_nothing()
    {
        var spool = SpoolOf("cg", "cg", "cg");
        using var sender = SenderOf(
            spool, new FakeService(FakeService.Says(HttpStatusCode.BadRequest), FakeService.Says(HttpStatusCode.BadRequest), FakeService.IsAway, FakeService.IsAway), out _);
        (await sender.SendAll(Cancel)).ShouldBeFalse();
        (spool.Figures.Reports, sender.Status.Refused).ShouldBe((3, 0));
    }

    [Fact]
    public async Task Reports_of_two_starts_go_in_batches_of_their_own()
    {
        var spool = SpoolOf("cg");
        spool.Append(AppId.Parse("cg"), [Report(Guid.NewGuid(), 1, 5)]);
        var service = new FakeService();
        using var sender = SenderOf(spool, service, out _);
        (await sender.SendAll(Cancel)).ShouldBeTrue();
        service.Batches.Select(batch => batch.Boot).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task The_services_clock_is_compared_with_this_hosts()
    {
        using var sender = SenderOf(SpoolOf("cg"), new FakeService(), out var time);
        await sender.SendAll(Cancel);
        sender.Status.ClockOffset.ShouldBe((FakeService.ServiceTime - time.GetUtcNow()).TotalSeconds);
    }

    [Theory]
    [InlineData(0.9, 0, false)]
    [InlineData(1.1, 0, true)]
    [InlineData(-1.1, 0, true)]
    [InlineData(3, 5, false)]
    public void A_clock_is_called_wrong_only_where_that_is_certain(double offset, double roundTrip, bool isWrong)
    {
        var asked = SpoolScript.Start.Start;
        var answered = asked + TimeSpan.FromSeconds(roundTrip);
        ClockSkew.Of(asked, answered, asked + TimeSpan.FromSeconds((roundTrip / 2) + offset)).IsWrong.ShouldBe(isWrong);
    }

    private static WindowSpool SpoolOf(params string[] applications)
    {
        var spool = new WindowSpool(new CrashingDisk(), new SpoolOptions());
        for (var i = 0; i < applications.Length; i++)
        {
            spool.Append(AppId.Parse(applications[i]), [Report(Boot, i + 1, i)]);
        }

        return spool;
    }

    private static NumberedReport Report(Guid boot, long sequence, int window, string vm = "vm1") => new(
        new("host1", boot, sequence), new(new VmId(vm), SpoolScript.Start.Shift(window), [], Window.Length));

    private static SpoolSender SenderOf(WindowSpool spool, FakeService service, out SettableTime time)
    {
        time = new SettableTime(SpoolScript.Start.End);
        // Waits are the poster's, and tested there: here they are as short as can be.
        var poster = new WindowPoster(
            new HttpClient(service),
            new WindowPosterOptions
            {
                Server = new(new Uri("http://localhost")), Token = "token", Retries = 1,
                FirstDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(1),
            },
            TimeProvider.System);
        return new SpoolSender(spool, () => poster, 500, time, NullLogger.Instance);
    }
}
