using CsCheck;
using Federation.Actuation.Simulated;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Actuation.Tests.Simulated;

public sealed class SimulatedDriverTests : IDisposable
{
    private static readonly VmRef Vm = new(AppId.Parse("astro/cg.1"), new("vm1"));
    private static readonly GuestSpec Guest = new() { Vm = Vm, Vcpus = 1, MemoryBytes = 100, Disks = [new("root", null, 50)], UserData = "the-secret" };

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("federation-simulator-");
    private readonly FakeTimeProvider clock = new();
    private int worlds;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Whatever_is_called_in_whatever_order_only_what_was_told_to_run_runs_and_a_VM_that_is_not_stopped_is_whole_somewhere() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 1], Gen.Int[1, 2], Gen.Int[0, 9]).Array[1, 30].Sample(
            calls =>
            {
                var (a, b) = Hosts();
                a.Start(Guest, Cancel).Wait();
                foreach (var (call, end, move, seconds) in calls)
                {
                    clock.Advance(TimeSpan.FromSeconds(seconds));
                    Try(end == 0 ? a : b, call, move, to: end == 0 ? "b" : "a");
                    var states = new[] { State(a), State(b) };
                    states.Count(state => state == GuestState.Running).ShouldBeLessThanOrEqualTo(1);
                    states.ShouldContain(state => state != null && state != GuestState.Receiving);
                }
            },
            iter: 300,
            threads: 1);

    [Fact]
    public void Time_that_passes_in_parts_makes_of_a_VM_what_it_makes_of_it_at_once() =>
        Gen.Select(Gen.Int[0, 6].Array[1, 12], Gen.Int[0, 20], Gen.Int[0, 20]).Sample(
            (calls, first, second) =>
            {
                var (a, b) = Hosts();
                a.Start(Guest, Cancel).Wait();
                foreach (var call in calls)
                {
                    Try(call % 2 == 0 ? a : b, call, 1, to: call % 2 == 0 ? "b" : "a");
                }

                var stored = new SimulatedWorld(World(worlds)).Read(Vm, Cancel).Result;
                var options = Options("a");
                var now = clock.GetUtcNow();
                var inParts = SimulatedPassing.Until(now.AddSeconds(first + second), SimulatedPassing.Until(now.AddSeconds(first), stored, options), options);
                var atOnce = SimulatedPassing.Until(now.AddSeconds(first + second), stored, options);

                inParts.Copies.Select(copy => (copy.Host, copy.State)).Order().ShouldBe(atOnce.Copies.Select(copy => (copy.Host, copy.State)).Order());
            },
            iter: 200,
            threads: 1);

    [Fact]
    public void A_copy_that_is_ready_has_little_left_and_what_was_sent_never_becomes_less() =>
        Gen.Select(Gen.Int[1, 10_000], Gen.Int[0, 10_000], Gen.Int[1, 1000], Gen.Int[0, 2000], Gen.Bool).Sample((memory, disk, rate, dirty, slows) =>
        {
            var terms = new TransferTerms { DowntimeSeconds = 0.5, AutoConverge = slows };
            var copying = new SimulatedCopying(memory, disk, rate, dirty, terms);
            (copying.ReadySeconds is not null || (!slows && dirty > 0.9 * rate)).ShouldBeTrue();
            if (copying.ReadySeconds is { } ready)
            {
                var last = new TransferProgress(Move(1));
                for (var part = 0; part <= 20; part++)
                {
                    var now = copying.At(Move(1), ready * part / 20);
                    now.MemorySentBytes.ShouldBeGreaterThanOrEqualTo(last.MemorySentBytes);
                    now.DiskSentBytes.ShouldBeInRange(last.DiskSentBytes, disk);
                    last = now;
                }

                last.MemorySentBytes.ShouldBeGreaterThanOrEqualTo(memory - 1);
                copying.RestSeconds.ShouldBeLessThanOrEqualTo(0.5);
            }
        });

    [Fact]
    public async Task A_move_takes_the_time_that_its_bytes_take_and_its_downtime_is_what_the_VM_stood_still()
    {
        var (a, b) = Hosts();
        await a.Start(Guest, Cancel);
        await a.Send(Move(1), Vm, await b.Receive(Move(1), Guest, new(), Cancel), new(), Cancel);
        clock.Advance(TimeSpan.FromSeconds(14));
        State(a).ShouldBe(GuestState.Running);
        clock.Advance(TimeSpan.FromSeconds(1));
        State(a).ShouldBe(GuestState.AtSwitch);
        clock.Advance(TimeSpan.FromSeconds(3));
        await a.Switch(Move(1), Vm, Cancel);
        State(b).ShouldBe(GuestState.Received);
        clock.Advance(TimeSpan.FromSeconds(4));
        await b.Run(Vm, Cancel);

        (await b.Find(Cancel)).Single().Transfer!.DowntimeSeconds.ShouldBe(7);
    }

    [Fact]
    public async Task What_cloud_init_is_given_is_in_no_file()
    {
        var (a, b) = Hosts();
        await a.Start(Guest, Cancel);
        await b.Receive(Move(1), Guest, new(), Cancel);

        Directory.EnumerateFiles(directory.FullName, "*", SearchOption.AllDirectories).ShouldNotBeEmpty();
        Directory.EnumerateFiles(directory.FullName, "*", SearchOption.AllDirectories).ShouldAllBe(file => !File.ReadAllText(file).Contains("the-secret"));
    }

    public void Dispose() => directory.Delete(recursive: true);

    private static MigrationId Move(int step) => new(new(Vm.Application, 1), step);

    private static GuestState? State(SimulatedDriver driver) => driver.Find(Cancel).Result.SingleOrDefault()?.State;

    // Nothing that lets a copy run again which is complete elsewhere: whether it may, the driver cannot know.
    private static void Try(SimulatedDriver driver, int call, int step, string to)
    {
        try
        {
            var terms = new TransferTerms { IsLive = step == 1 };
            (call switch
            {
                0 => driver.Receive(Move(step), Guest, terms, Cancel),
                1 => driver.Send(Move(step), Vm, new($"simulator:{to}"), terms, Cancel),
                2 => driver.Switch(Move(step), Vm, Cancel),
                3 when State(driver) != GuestState.Receiving && State(driver) != GuestState.Received => driver.Cancel(Move(step), Vm, Cancel),
                4 when State(driver) == GuestState.Received => driver.Run(Vm, Cancel),
                5 when State(driver) == GuestState.Receiving => driver.Stop(Vm, Cancel),
                6 when State(driver) is not null => driver.Start(Guest, Cancel),
                _ => Task.CompletedTask,
            }).GetAwaiter().GetResult();
        }
        catch (DriverException)
        {
        }
    }

    private (SimulatedDriver A, SimulatedDriver B) Hosts()
    {
        worlds++;
        return (new(Options("a"), clock), new(Options("b"), clock));
    }

    private SimulatedDriverOptions Options(string host) =>
        new() { Directory = World(worlds), Host = host, BytesPerSecond = 10, DirtyBytesPerSecond = 0 };

    private string World(int number) => Path.Combine(directory.FullName, $"{number}");
}
