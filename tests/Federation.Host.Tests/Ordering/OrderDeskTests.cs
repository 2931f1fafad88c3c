using CsCheck;
using Federation.Domain.Hosts;
using Federation.Host.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Ordering;

public sealed class OrderDeskTests
{
    private readonly TrialDriver driver = new();
    private readonly MemoryFiles files = new();

    [Fact]
    public async Task An_order_with_an_older_epoch_than_the_newest_is_refused_also_after_a_restart()
    {
        await using (var stand = new DeskStand(driver, files))
        {
            (await stand.Ask(Orders.Start("a", 1, 5))).Outcome.ShouldBe(HostOutcome.Done);
            var refused = await stand.Ask(Orders.Run("b", 1, 4));
            refused.Outcome.ShouldBe(HostOutcome.Refused);
            refused.Reason.ShouldBe("epoch 4 is older than 5, the newest epoch of astro/cg/vm1 that host rennes/host1 has been told");
            (await stand.Ask(Orders.Run("c", 2, 4))).Outcome.ShouldBe(HostOutcome.Done);
        }

        await using var again = new DeskStand(driver, files);
        (await again.Ask(Orders.Run("d", 1, 4))).Outcome.ShouldBe(HostOutcome.Refused);
        driver.Done.ShouldBe(["Start vm1", "Run vm2"]);
    }

    [Fact]
    public async Task A_replayed_order_is_answered_as_it_was_and_not_done_again_also_after_a_restart()
    {
        HostOrder order = new HostOrder.Receive("a", Orders.Vm(1), 1, Federation.Domain.Identity.MigrationId.Parse("astro/cg.1.1.1"), Orders.Guest(1), new());
        HostAnswer first;
        await using (var stand = new DeskStand(driver, files))
        {
            first = await stand.Ask(order);
            (await stand.Ask(order)).ShouldBe(first);
        }

        await using var again = new DeskStand(driver, files);
        (await again.Ask(order)).ShouldBe(first);
        first.Target!.Memory.ShouldBe("tcp:10.0.0.2:1");
        driver.Done.ShouldBe(["Receive vm1"]);
    }

    [Fact]
    public async Task A_replay_of_what_was_done_is_answered_even_where_the_VM_has_a_newer_epoch_by_now()
    {
        await using var stand = new DeskStand(driver, files);
        await stand.Ask(Orders.Start("a", 1, 1));
        await stand.Ask(Orders.Stop("b", 1, 2));

        (await stand.Ask(Orders.Start("a", 1, 1))).Outcome.ShouldBe(HostOutcome.Done);

        driver.Done.ShouldBe(["Start vm1", "Stop vm1"]);
    }

    [Fact]
    public async Task An_order_for_another_host_is_refused_and_raises_no_epoch()
    {
        await using var stand = new DeskStand(driver, files);

        stand.OrderAs(new(new("rennes"), "host2"), Orders.Start("a", 1, 5));
        stand.OrderAs(new(new("lyon"), "host1"), Orders.Start("b", 1, 5));

        (await stand.First(2)).ShouldAllBe(answer => answer.Outcome == HostOutcome.Refused);
        stand.Answers[0].Reason.ShouldBe("this is host rennes/host1, and the order is for host rennes/host2");
        stand.Journal.EpochOf(Orders.Vm(1)).ShouldBe(0);
        driver.Done.ShouldBeEmpty();
    }

    [Fact]
    public async Task Orders_of_one_VM_are_done_one_after_another_and_those_of_others_beside_them()
    {
        var open = new TaskCompletionSource();
        driver.Before = (what, _) => what == "Start vm1" ? open.Task : Task.CompletedTask;
        await using var stand = new DeskStand(driver, files);

        stand.Order(Orders.Start("a", 1, 1), Orders.Run("b", 1, 1), Orders.Start("c", 2, 1));
        (await stand.First(1)).ShouldHaveSingleItem().Operation.ShouldBe("c");
        open.SetResult();

        (await stand.First(3)).Select(answer => answer.Operation).ShouldBe(["c", "a", "b"]);
        driver.Done.ShouldBe(["Start vm2", "Start vm1", "Run vm1"]);
    }

    [Fact]
    public async Task An_order_that_waits_behind_another_is_refused_if_a_newer_epoch_has_come_meanwhile()
    {
        var open = new TaskCompletionSource();
        driver.Before = (what, _) => what == "Start vm1" ? open.Task : Task.CompletedTask;
        await using var stand = new DeskStand(driver, files);

        stand.Order(Orders.Start("a", 1, 1));
        await driver.Begun("Start vm1");
        stand.Order(Orders.Run("b", 1, 1), Orders.Run("c", 1, 2));
        open.SetResult();

        (await stand.First(3)).Select(answer => answer.Outcome).ShouldBe([HostOutcome.Done, HostOutcome.Refused, HostOutcome.Done]);
        driver.Done.ShouldBe(["Start vm1", "Run vm1"]);
    }

    [Fact]
    public async Task A_stop_interrupts_what_is_under_way_for_its_VM_and_no_other()
    {
        driver.Before = (what, cancel) => what.StartsWith("Start", StringComparison.Ordinal) ? new TaskCompletionSource().Task.WaitAsync(cancel) : Task.CompletedTask;
        await using var stand = new DeskStand(driver, files);
        stand.Order(Orders.Start("a", 1, 1), Orders.Start("b", 2, 1));
        await driver.Begun("Start vm1");
        stand.Order(Orders.Stop("c", 1, 2));

        var answers = await stand.First(2);

        answers.Select(answer => (answer.Operation, answer.Outcome)).ShouldBe([("a", HostOutcome.Failed), ("c", HostOutcome.Done)]);
        driver.Done.ShouldBe(["- Start vm1", "Stop vm1"]);
    }

    [Fact]
    public async Task An_order_that_is_under_way_is_not_taken_again()
    {
        var open = new TaskCompletionSource();
        driver.Before = (_, _) => open.Task;
        await using var stand = new DeskStand(driver, files);
        stand.Order(Orders.Start("a", 1, 1));
        stand.Order(Orders.Start("a", 1, 1));
        open.SetResult();
        await stand.First(1);

        (await stand.Ask(Orders.Run("b", 1, 1))).Operation.ShouldBe("b");

        driver.Done.ShouldBe(["Start vm1", "Run vm1"]);
    }

    [Fact]
    public async Task What_the_hypervisor_could_not_do_is_answered_with_its_reason_and_tried_again_when_it_is_told_again()
    {
        await using var stand = new DeskStand(driver, files);
        driver.Fault = "no memory left";
        (await stand.Ask(Orders.Start("a", 1, 1))).ShouldBe(new("a", HostOutcome.Failed, "no memory left"));
        driver.Fault = null;

        (await stand.Ask(Orders.Start("a", 1, 1))).ShouldBe(new("a", HostOutcome.Done));
    }

    [Fact]
    public async Task What_cannot_be_written_into_the_journal_is_not_done()
    {
        await using var stand = new DeskStand(driver, files);
        files.IsFull = true;

        var answer = await stand.Ask(Orders.Start("a", 1, 1));

        answer.Outcome.ShouldBe(HostOutcome.Failed);
        answer.Reason.ShouldNotBeNull().ShouldContain("cannot write its journal");
        driver.Done.ShouldBeEmpty();
        files.IsFull = false;
        (await stand.Ask(Orders.Start("a", 1, 1))).Outcome.ShouldBe(HostOutcome.Done);
    }

    [Fact]
    public async Task What_is_under_way_when_the_agent_stops_has_no_answer_and_is_done_when_it_is_told_again()
    {
        driver.Before = (_, cancel) => new TaskCompletionSource().Task.WaitAsync(cancel);
        var stand = new DeskStand(driver, files);
        stand.Order(Orders.Start("a", 1, 1));
        await driver.Begun("Start vm1");
        await stand.DisposeAsync();
        stand.Answers.ShouldBeEmpty();
        driver.Before = null;

        await using var again = new DeskStand(driver, files);

        (await again.Ask(Orders.Start("a", 1, 1))).Outcome.ShouldBe(HostOutcome.Done);
        driver.Done.ShouldBe(["- Start vm1", "Start vm1"]);
    }

    [Fact]
    public void What_is_done_is_what_came_first_of_each_operation_and_was_not_too_old_whatever_restarts_and_replays_there_are() =>
        Gen.Select(Gen.Int[1, 2], Gen.Int[1, 6], Gen.Int[0, 5], Gen.Int[0, 6]).List[1, 25].Sample(steps => Task.Run(async () =>
        {
            var (hypervisor, disk) = (new TrialDriver(), new MemoryFiles());
            var (expected, epochs, done) = (new List<string>(), new Dictionary<int, long>(), new HashSet<string>());
            var stand = new DeskStand(hypervisor, disk);
            foreach (var (vm, epoch, operation, restart) in steps)
            {
                if (restart == 0)
                {
                    await stand.DisposeAsync();
                    stand = new DeskStand(hypervisor, disk);
                }

                // An operation is of one VM and one epoch, as its name says.
                var name = $"{vm}.{epoch}.{operation}";
                var answer = await stand.Ask(Orders.Run(name, vm, epoch));
                if (done.Contains(name))
                {
                    answer.Outcome.ShouldBe(HostOutcome.Done);
                }
                else if (epoch < epochs.GetValueOrDefault(vm))
                {
                    answer.Outcome.ShouldBe(HostOutcome.Refused);
                }
                else
                {
                    answer.Outcome.ShouldBe(HostOutcome.Done);
                    epochs[vm] = epoch;
                    done.Add(name);
                    expected.Add($"Run vm{vm}");
                }
            }

            await stand.DisposeAsync();
            hypervisor.Done.ShouldBe(expected);
        }).GetAwaiter().GetResult(), iter: 50);
}
