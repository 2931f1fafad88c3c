using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class HalfWayTests
{
    private static readonly SagaCommand.Weigh All = new(0, MayFinish: true, MayGoBack: true);

    [Theory]
    [InlineData(0.2, false, HalfWay.Finish)]
    [InlineData(5.0, false, HalfWay.GoBack)]
    [InlineData(0.999, false, HalfWay.Stay)]
    [InlineData(5.0, true, HalfWay.Stay)]
    public void The_best_way_on_is_taken_by_price_and_by_what_is_possible(double priceAtB, bool isClosed, HalfWay best)
    {
        // vm1 is at b already, vm2 was to follow.
        var view = Samples.View(
            [Samples.Site("a"), Samples.Site("b", Samples.Std with { Price = PriceSchedule.Always((decimal)priceAtB) })], Samples.Vm("vm1", "b"), Samples.Vm("vm2", "a"));
        view = isClosed ? view.WithSite("a", site => site with { Links = site.Links.Clear() }).WithSite("b", site => site with { Links = site.Links.Clear() }) : view;

        var choice = HalfWayChoice.Between(Saga, All, view);

        choice.Way.ShouldBe(best);
        choice.Options.Select(option => option.Way).ShouldBe([HalfWay.Stay, HalfWay.Finish, HalfWay.GoBack]);
        choice.Options[0].Terms.ShouldNotBeNull();
        choice.Options.Count(option => option.Refusal is not null).ShouldBe(isClosed ? 2 : 0);
    }

    [Theory]
    [InlineData(5.0, false, HalfWay.Finish)]
    [InlineData(0.999, false, HalfWay.Finish)]
    [InlineData(5.0, true, HalfWay.Stay)]
    public void What_was_wanted_is_finished_where_it_can_be_whether_or_not_that_is_better(double priceAtB, bool isClosed, HalfWay way)
    {
        var view = Samples.View(
            [Samples.Site("a"), Samples.Site("b", Samples.Std with { Price = PriceSchedule.Always((decimal)priceAtB) })], Samples.Vm("vm1", "b"), Samples.Vm("vm2", "a"));
        view = isClosed ? view.WithSite("a", site => site with { Links = site.Links.Clear() }).WithSite("b", site => site with { Links = site.Links.Clear() }) : view;
        HalfWayChoice.Between(Saga, All, view, isWanted: true).Way.ShouldBe(way);
    }

    [Fact]
    public void A_way_that_is_not_open_is_not_compared()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "b"), Samples.Vm("vm2", "a"));
        HalfWayChoice.Between(Saga, new(1, MayFinish: false, MayGoBack: false), view).Options.ShouldHaveSingleItem().Way.ShouldBe(HalfWay.Stay);
    }

    [Theory]
    [InlineData(false, false, StepState.Done)]
    [InlineData(true, false, StepState.Failed)]
    [InlineData(true, true, StepState.Failed)]
    public void Who_takes_a_move_back_cancels_its_plan_and_what_was_done_by_then_stays(bool anotherFails, bool isFirst, StepState another)
    {
        var saga = Saga with
        {
            Trouble = null,
            Steps =
            [
                Saga.Steps[0], Saga.Steps[1] with { State = StepState.Running },
                Saga.Steps[1] with { Number = 3, Vm = new("vm3"), State = StepState.Running }, Saga.Steps[1] with { Number = 4, State = StepState.Pending },
            ],
        };
        SagaEvent[] events =
        [
            new SagaEvent.StepFailed(2, Refusal.VmDidNotMove(new("vm2"), Samples.At("b"), Refusal.MigrationCancelled("ann"))),
            anotherFails ? new SagaEvent.StepFailed(3, Refusal.Hypervisor("no")) : new SagaEvent.StepDone(3),
        ];

        saga = PlanSagas.On(saga, events[isFirst ? 1 : 0], default);
        PlanSagas.Due(saga).ShouldBe([new SagaCommand.Run(isFirst ? 2 : 3)]);
        saga = PlanSagas.On(saga, events[isFirst ? 0 : 1], default);

        (saga.State, saga.Reason).ShouldBe((PlanState.Cancelled, Refusal.PlanCancelled(saga.Id.Key, "ann")));
        saga.Steps.Select(step => step.State).ShouldBe([StepState.Done, StepState.Failed, another, StepState.Dropped]);
    }

    private static PlanSaga Saga => new()
    {
        Id = new(new(new("astro"), "cg", 1), 1),
        Decision = PlanDecision.Migrate,
        State = PlanState.Applying,
        Trouble = Refusal.Hypervisor("no"),
        Steps =
        [
            new(1, StepKind.Move, new("vm1"), Samples.At("a"), Samples.At("b"), 0, 10) { State = StepState.Done },
            new(2, StepKind.Move, new("vm2"), Samples.At("a"), Samples.At("b"), 10, 20) { State = StepState.Failed },
        ],
    };
}
