using Federation.Silo.Http;
using Federation.Silo.Settings;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Http;

public sealed class BatchIntakeTests
{
    private static readonly ServiceOptions Settings = new() { SensorBodiesAtOnce = 2, BatchesAtOnce = 3 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 3)]
    public async Task Who_has_all_turns_under_way_waits_for_its_own_and_holds_up_nobody(bool isSensor, int turns)
    {
        var clock = new FakeTimeProvider();
        using var intake = new BatchIntake(Options.Create(Settings), clock);
        var busy = new BatchSender("busy", isSensor);
        var held = new List<IDisposable?>();
        for (var i = 0; i < turns; i++)
        {
            held.Add((await intake.Turn(busy, Cancel)).ShouldNotBeNull());
        }

        var waiting = Enumerable.Range(0, turns * 4).Select(_ => intake.Turn(busy, Cancel)).ToList();
        (await intake.Turn(busy, Cancel)).ShouldBeNull();
        (await intake.Turn(busy with { Name = "other" }, Cancel)).ShouldNotBeNull();
        (await intake.Turn(busy with { IsSensor = !isSensor }, Cancel)).ShouldNotBeNull();

        held[0]!.Dispose();
        (await waiting[0]).ShouldNotBeNull();
        clock.Advance(TimeSpan.FromSeconds(10));
        (await Task.WhenAll(waiting[1..])).ShouldAllBe(turn => turn == null);
    }

    [Fact]
    public async Task A_batch_that_has_come_waits_so_long_for_a_place_and_no_longer()
    {
        var clock = new FakeTimeProvider();
        using var intake = new BatchIntake(Options.Create(Settings), clock);
        var places = new List<IDisposable?>();
        for (var i = 0; i < 3; i++)
        {
            places.Add((await intake.Place(Cancel)).ShouldNotBeNull());
        }

        var (next, last) = (intake.Place(Cancel), intake.Place(Cancel));
        places[0]!.Dispose();
        (await next).ShouldNotBeNull();
        clock.Advance(TimeSpan.FromSeconds(10));
        (await last).ShouldBeNull();
        intake.NoPlace.ShouldContain("3 batches");
    }
}
