using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class MigrationDecisionTests
{
    private static readonly PlacementEstimate Terms = new(
        Hosting: 10, Traffic: 0, Moving: 0, RunSeconds: 3600, DowntimeSeconds: 0, Utilization: 0.5, PaidVcpus: 4, OccupiedVcpus: 8, SiteCount: 2);

    [Fact]
    public void Rounding_is_no_gain_even_without_a_margin()
    {
        // 0.1 + 0.2 is more than 0.3 by its last bit; that the application ends sooner is not what the objective asks for.
        var stay = Terms with { Hosting = 0.1, Traffic = 0.2 };
        Takes(Objective.Cost, margin: 0, stay, Terms with { Hosting = 0.3, RunSeconds = 1800 }).ShouldBeFalse();
    }

    [Theory]
    [InlineData(9.4, true)]
    [InlineData(9.5, false)]
    [InlineData(9.6, false)]
    public void The_gain_has_to_exceed_the_margin(double hosting, bool takes) =>
        Takes(Objective.Cost, margin: 0.05, Terms, Terms with { Hosting = hosting }).ShouldBe(takes);

    [Theory]
    [InlineData(8.9, true)]
    [InlineData(9.0, false)]
    public void A_gain_within_the_error_of_the_predictions_is_none(double hosting, bool takes) =>
        Takes(Objective.Cost, margin: 0.05, Terms, Terms with { Hosting = hosting }, error: 0.1).ShouldBe(takes);

    [Fact]
    public void What_the_move_costs_counts_against_its_gain() =>
        Takes(Objective.Cost, margin: 0.05, Terms, Terms with { Hosting = 9, Moving = 0.5 }).ShouldBeFalse();

    [Theory]
    [InlineData(Objective.Cost, 8.4, true)]
    [InlineData(Objective.Cost, 8.5, false)]
    [InlineData(Objective.Time, 8.5, true)]
    public void A_multiple_of_what_moving_costs_may_be_asked_of_a_gain_of_money(Objective objective, double hosting, bool takes) =>
        Takes(objective, margin: 0, Terms, Terms with { Hosting = hosting, Moving = 0.5, RunSeconds = 3000 }, movingMargin: 2).ShouldBe(takes);

    [Fact]
    public void Downtime_counts_against_a_gain_of_time() =>
        Takes(Objective.Time, margin: 0.05, Terms, Terms with { RunSeconds = 3400, DowntimeSeconds = 100 }).ShouldBeFalse();

    [Fact]
    public void Under_utilization_less_paid_capacity_is_a_gain() =>
        Takes(Objective.Utilization, margin: 0.05, Terms, Terms with { PaidVcpus = 2 }).ShouldBeTrue();

    [Fact]
    public void Under_utilization_fewer_sites_are_a_gain_where_nothing_is_paid_for() =>
        Takes(Objective.Utilization, margin: 0.05, Terms with { PaidVcpus = 0 }, Terms with { PaidVcpus = 0, SiteCount = 1 }).ShouldBeTrue();

    [Fact]
    public void Under_utilization_a_lower_bill_decides_between_places_and_moves_nothing()
    {
        var stay = Terms with { PaidVcpus = 0, Traffic = 2 };
        var best = stay with { Traffic = 1 };
        ObjectiveValue.Of(Objective.Utilization, best).IsBetterThan(ObjectiveValue.Of(Objective.Utilization, stay)).ShouldBeTrue();
        Takes(Objective.Utilization, margin: 0, stay, best).ShouldBeFalse();
    }

    private static bool Takes(Objective objective, double margin, PlacementEstimate stay, PlacementEstimate best, double error = 0, double movingMargin = 0)
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"))
            .With(app => app with { Objective = objective, Margin = margin, PredictionError = error, MovingMargin = movingMargin });
        return MigrationDecision.Between(new(view), Of(0, stay), Of(1, best)).Takes;

        Evaluated Of(int seat, PlacementEstimate terms) => new([seat], terms, Verdict.Feasible, ObjectiveValue.Of(objective, terms));
    }
}
