using Shouldly;
using Xunit;

namespace Federation.Scenarios.Hosts;

/// <summary>The seeds of the kill runs.</summary>
public sealed class KillCaseTests
{
    [Fact]
    public void As_many_seeds_in_a_row_as_there_are_combinations_have_each_once() =>
        Enumerable.Range(17, KillCase.Combinations).Select(KillCase.Of).Select(run => (run.Move, run.Phase, run.Victim)).Distinct().Count().ShouldBe(KillCase.Combinations);

    [Fact]
    public void The_first_twenty_seeds_which_the_gate_takes_have_every_victim_and_every_phase()
    {
        var gate = Enumerable.Range(1, 20).Select(KillCase.Of).ToArray();
        gate.Select(run => run.Victim).Distinct().Count().ShouldBe(Enum.GetValues<Victim>().Length);
        gate.Select(run => run.Phase).Distinct().Count().ShouldBe(KillCase.Phases.Length);
        gate.Select(run => run.Move).Distinct().Count().ShouldBe(Enum.GetValues<MoveKind>().Length);
    }

    [Fact]
    public void A_seed_has_one_case() => KillCase.Of(7).ShouldBe(KillCase.Of(7));
}
