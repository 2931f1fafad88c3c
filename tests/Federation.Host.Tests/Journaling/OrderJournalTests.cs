using System.Text;
using CsCheck;
using Federation.Domain.Hosts;
using Federation.Host.Journaling;
using Federation.Host.Tests.Making;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Journaling;

public sealed class OrderJournalTests
{
    private const string File = "orders.journal";

    private readonly MemoryFiles files = new();
    private readonly FakeTimeProvider clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void What_was_taken_and_answered_is_known_after_a_restart()
    {
        var journal = new OrderJournal(files, clock);
        var order = Orders.Start("a", 1, 7);
        journal.Accept(order);
        journal.Answer(order, new("a", HostOutcome.Done, Target: new("tcp:1", null)));

        var again = new OrderJournal(files, clock);

        again.EpochOf(Orders.Vm(1)).ShouldBe(7);
        again.EpochOf(Orders.Vm(2)).ShouldBe(0);
        again.AnswerTo("a").ShouldBe(new("a", HostOutcome.Done, Target: new("tcp:1", null)));
    }

    [Fact]
    public void An_order_that_failed_or_was_interrupted_has_no_answer_to_be_given_again()
    {
        var journal = new OrderJournal(files, clock);
        journal.Accept(Orders.Run("a", 1, 1));
        journal.Accept(Orders.Run("b", 1, 1));
        journal.Answer(Orders.Run("b", 1, 1), new("b", HostOutcome.Failed, "no memory"));

        journal.AnswerTo("a").ShouldBeNull();
        journal.AnswerTo("b").ShouldBeNull();
    }

    [Fact]
    public void No_epoch_goes_back_and_no_answer_changes_whatever_byte_a_crash_cuts_the_file_at() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Bool).List[1, 12].Select(Gen.Double[0, 1]).Sample((steps, share) =>
        {
            var disk = new MemoryFiles();
            var journal = new OrderJournal(disk, clock);
            var begin = disk.Read(File)!.Length;
            // What is known after so many bytes.
            var history = new List<(int Bytes, int Vm, long Epoch, string? Answered)>();
            for (var i = 0; i < steps.Count; i++)
            {
                var (vm, rise, answers) = steps[i];
                var order = Orders.Run($"op{i}", vm, journal.EpochOf(Orders.Vm(vm)) + rise);
                journal.Accept(order);
                history.Add((disk.Read(File)!.Length, vm, order.Epoch, null));
                if (answers)
                {
                    journal.Answer(order, new(order.Operation, HostOutcome.Done));
                    history.Add((disk.Read(File)!.Length, vm, order.Epoch, order.Operation));
                }
            }

            var whole = disk.Read(File)!;
            var cut = begin + (int)(share * (whole.Length - begin));
            var torn = new MemoryFiles();
            torn.Replace(File, whole.AsSpan(0, cut));
            var again = new OrderJournal(torn, clock);
            for (var vm = 1; vm <= 3; vm++)
            {
                again.EpochOf(Orders.Vm(vm)).ShouldBe(history.Where(entry => entry.Vm == vm && entry.Bytes <= cut).Select(entry => entry.Epoch).DefaultIfEmpty(0).Max());
            }

            for (var i = 0; i < steps.Count; i++)
            {
                (again.AnswerTo($"op{i}") is not null).ShouldBe(history.Exists(entry => entry.Answered == $"op{i}" && entry.Bytes <= cut));
            }

            // It goes on behind what is whole.
            again.Accept(Orders.Run("later", 1, 1000));
            new OrderJournal(torn, clock).EpochOf(Orders.Vm(1)).ShouldBe(1000);
        });

    [Fact]
    public void What_a_VM_is_told_at_its_start_is_in_no_journal()
    {
        new OrderJournal(files, clock).Accept(Orders.Start("a", 1, 1, "password: hunter2"));

        Encoding.UTF8.GetString(files.Read(File)!).ShouldNotContain("hunter2");
        Encoding.UTF8.GetString(files.Read(File)!).ShouldContain("vm1");
    }

    [Fact]
    public void An_answer_is_forgotten_after_a_week_and_an_epoch_is_not()
    {
        var journal = new OrderJournal(files, clock);
        var order = Orders.Run("a", 1, 3);
        journal.Accept(order);
        journal.Answer(order, new("a", HostOutcome.Done));
        clock.Advance(OrderJournal.AnswersFor + TimeSpan.FromMinutes(1));

        var again = new OrderJournal(files, clock);

        again.AnswerTo("a").ShouldBeNull();
        again.EpochOf(Orders.Vm(1)).ShouldBe(3);
        new OrderJournal(files, clock).EpochOf(Orders.Vm(1)).ShouldBe(3);
    }
}
