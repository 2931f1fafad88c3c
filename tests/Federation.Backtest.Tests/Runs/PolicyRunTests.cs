using System.Collections.Concurrent;
using Federation.Backtest.Policies;
using Federation.Backtest.Results;
using Federation.Backtest.Runs;
using Federation.Backtest.Worlds;
using Federation.Planning;
using Shouldly;
using Xunit;

namespace Federation.Backtest.Tests.Runs;

public sealed class PolicyRunTests
{
    private static readonly ConcurrentDictionary<(int Seed, string Policy), Lazy<(World World, RunLog Log)>> Known = new();

    public static TheoryData<int> Seeds => [1, 2];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Our_policy_makes_no_move_that_was_predicted_to_lose_and_none_back_within_the_cool_down(int seed)
    {
        var (world, log) = Run(seed, MovingPolicies.Ours);

        log.Plans.Where(plan => !plan.IsForced).ShouldAllBe(plan => plan.PredictedGain > 0);
        var cooldown = TimeSpan.FromSeconds(world.Scenario.Policy.CooldownSeconds);
        foreach (var vm in log.Moves.GroupBy(move => (move.Application, move.Vm)))
        {
            var moves = vm.OrderBy(move => move.At).ToList();
            for (var i = 1; i < moves.Count; i++)
            {
                (moves[i].IsForced || moves[i].At - moves[i - 1].At >= cooldown).ShouldBeTrue($"{vm.Key} at {moves[i].At:O}");
            }
        }
    }

    [Theory]
    [InlineData(1, MovingPolicies.Ours)]
    [InlineData(1, MovingPolicies.AnySaving)]
    [InlineData(2, MovingPolicies.PriceOnly)]
    public void The_bill_is_the_sum_of_what_happened(int seed, string policy)
    {
        var (world, log) = Run(seed, policy);

        var bill = new Accounts(world).ByApplication(log).Aggregate(default(Bill), (sum, one) => sum + one);
        var slow = SlowAccounts.Of(world, log);

        bill.Hosting.ShouldBe(slow.Hosting, 1e-6);
        bill.Traffic.ShouldBe(slow.Traffic, 1e-6);
        bill.Moving.ShouldBe(slow.Moving, 1e-6);
        bill.Cost.ShouldBeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_vm_is_at_one_place_at_a_time_and_all_work_is_done_once(int seed)
    {
        var (world, log) = Run(seed, MovingPolicies.Ours);

        foreach (var vm in log.Stays.GroupBy(stay => (stay.Application, stay.Vm)))
        {
            var stays = vm.OrderBy(stay => stay.From).ThenBy(stay => stay.Until).ToList();
            stays.Zip(stays.Skip(1)).ShouldAllBe(pair => pair.First.Until <= pair.Second.From);
            stays[0].From.ShouldBe(log.Outcomes[vm.Key.Application].Started!.Value);
        }

        foreach (var (number, outcome) in log.Outcomes.Index().Where(entry => entry.Item.Finished is not null))
        {
            log.Work.Where(stretch => stretch.Application == number).Sum(stretch => stretch.Seconds)
                .ShouldBe(world.Applications[number].Work, 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nobody_is_at_a_site_that_is_gone_and_shared_quotas_hold_at_every_moment(int seed)
    {
        var (world, log) = Run(seed, MovingPolicies.Ours);

        foreach (var stay in log.Stays.Where(stay => stay.Until > stay.From))
        {
            world.Site(stay.At.Site).AvailableUntil(stay.From).ShouldNotBeNull();
            world.Site(stay.At.Site).AvailableUntil(stay.From)!.Value.ShouldBeGreaterThanOrEqualTo(stay.Until);
        }

        foreach (var site in world.Sites.Where(site => !site.Quotas.IsEmpty))
        {
            var quota = site.Quotas.Single(quota => quota.Tenant == "astro");
            var here = log.Stays.Where(stay => stay.At.Site == site.Id).ToList();
            foreach (var instant in here.Select(stay => stay.From))
            {
                var now = here.Where(stay => stay.From <= instant && instant < stay.Until).ToList();
                now.Count.ShouldBeLessThanOrEqualTo(quota.Vms!.Value);
                now.Sum(stay => site.OfferNamed(stay.At.Offer)!.Vcpus).ShouldBeLessThanOrEqualTo(quota.Vcpus!.Value);
            }
        }
    }

    [Fact]
    public void The_policy_that_never_moves_does_not() => Run(1, MovingPolicies.Never).Log.Moves.ShouldBeEmpty();

    [Fact]
    public void The_same_scenario_gives_the_same_log()
    {
        var (one, other) = (Run(1, MovingPolicies.Ours).Log, RunAnew(1, MovingPolicies.Ours).Log);
        one.Stays.ShouldBe(other.Stays);
        one.Moves.ShouldBe(other.Moves);
        one.Outcomes.ShouldBe(other.Outcomes);
    }

    [Fact]
    public void Applications_end_when_their_work_is_done_even_if_a_site_was_gone_for_a_while()
    {
        var (world, log) = Run(1, MovingPolicies.Never);
        log.Outcomes.Count(outcome => outcome.Finished is not null).ShouldBe(world.Applications.Length);
        log.Outcomes.ShouldAllBe(outcome => outcome.Finished >= outcome.Started);
    }

    [Fact]
    public void Every_move_sends_the_disks_of_its_VM_too()
    {
        var week = Shipped.Week(1, applications: 5);
        var scenario = week with { Applications = [.. week.Applications.Select(kind => kind with { DiskBytes = 1_000_000_000, DiskBytesPerSecond = 1e5 })] };
        var world = new World(scenario);
        var moves = PolicyRun.Run(world, MovingPolicies.For(scenario).Single(known => known.Name == MovingPolicies.AnySaving), new AutoSolver(), new(), null, CancellationToken.None).Moves;
        moves.ShouldNotBeEmpty();
        moves.ShouldAllBe(move => move.Bytes > world.Applications[move.Application].Spec.Vms[move.Vm].MemoryBytes + 1e9);
    }

    // A log does not change: tests that look at the same one share it.
    private static (World World, RunLog Log) Run(int seed, string policy) =>
        Known.GetOrAdd((seed, policy), _ => new(() => RunAnew(seed, policy))).Value;

    private static (World World, RunLog Log) RunAnew(int seed, string policy)
    {
        var world = new World(Shipped.Week(seed, applications: 5));
        var chosen = MovingPolicies.For(world.Scenario).Single(known => known.Name == policy);
        return (world, PolicyRun.Run(world, chosen, new AutoSolver(), new(), null, CancellationToken.None));
    }
}
