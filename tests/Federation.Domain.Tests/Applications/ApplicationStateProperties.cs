using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Refusals;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Applications;

public sealed class ApplicationStateProperties
{
    private static readonly AppId Named = new(new("astro"), "cg");

    private enum Act
    {
        Change,
        Remove,
        Reserved,
        Commit,
        Refuse,
        EndChange,
        Delete,
        EndDelete,
        BeginPlan,
        EndPlan,
    }

    [Fact]
    public void An_application_has_one_operation_at_a_time_and_a_version_never_comes_again()
    {
        var steps = from act in Gen.Enum<Act>() from stale in Gen.Bool from figure in Gen.Int[0, 2] select (act, stale, figure);
        steps.Array[1, 60].Sample(
            acts =>
            {
                var state = new ApplicationState();
                var versions = new List<ApplicationVersion>();
                foreach (var (act, stale, figure) in acts)
                {
                    var next = Step(state, act, stale ? state.Operations - 1 : state.Operations, figure);
                    if (stale && act is not (Act.Change or Act.Remove or Act.Delete or Act.BeginPlan or Act.EndPlan))
                    {
                        next.ShouldBeSameAs(state);
                    }

                    Check(state, next, versions);
                    state = next;
                }

                versions.ShouldBe(versions.Distinct().OrderBy(version => version.Incarnation).ThenBy(version => version.Revision));
            },
            iter: RandomSequences.Count(20_000));
    }

    [Fact]
    public void A_refused_change_leaves_what_was_in_force_and_a_deletion_leaves_nothing_but_the_incarnation()
    {
        var first = new ApplicationState().BeginChange(Description(1), [], isRunning: false, Samples.Now).EndChange(1);
        var refused = first.BeginChange(Description(1, vms: 2), [Adopted], isRunning: true, Samples.Now)
            .Reserved(2, []).Refuse(2, [Refusal.SiteOffline(new("a"))]);
        refused.Commit(2, Samples.Now).ShouldBeSameAs(refused);
        refused.EndChange(2).ShouldBe(first with { Operations = 2 });
        var deleted = first.BeginDelete().EndDelete(2);
        deleted.Version.ShouldBeNull();
        deleted.IncarnationOfNext.ShouldBe(2);
    }

    [Fact]
    public void A_VM_that_leaves_is_out_of_the_description_at_once_and_is_stopped_before_the_change_ends()
    {
        var first = new ApplicationState().BeginChange(Description(1, vms: 2), [], isRunning: false, Samples.Now).EndChange(1);
        var removing = first.BeginRemoval(Description(1), [new(new("vm2"), Samples.At("a"))], isRunning: true, Samples.Now);
        removing.Version.ShouldBe(new ApplicationVersion(1, 2));
        removing.Application!.Vms.Length.ShouldBe(1);
        removing.Operation.ShouldBeOfType<ApplicationOperation.Change>().Removed.ShouldHaveSingleItem().At.ShouldBe(Samples.At("a"));
        removing.Refuse(2, [Refusal.SiteOffline(new("a"))]).ShouldBeSameAs(removing, "too late: it is in force");
        removing.EndChange(2).Operation.ShouldBeNull();

        // What a silo that dies leaves behind still knows what has to be stopped, and an operation that an earlier version stored has nothing.
        var stored = JsonSerializer.Serialize<ApplicationOperation>(removing.Operation!, DomainJson.Options);
        ((ApplicationOperation.Change)JsonSerializer.Deserialize<ApplicationOperation>(stored, DomainJson.Options)!).Removed.ShouldBe([new(new("vm2"), Samples.At("a"))]);
        var older = JsonNode.Parse(stored)!.AsObject();
        older.Remove("removed").ShouldBeTrue();
        ((ApplicationOperation.Change)JsonSerializer.Deserialize<ApplicationOperation>(older, DomainJson.Options)!).Removed.ShouldBeEmpty();
    }

    [Fact]
    public void A_condition_holds_of_exactly_the_versions_that_it_names()
    {
        var (now, other) = (new ApplicationVersion(1, 2), new ApplicationVersion(2, 1));
        ChangeCondition.None.Holds(null).ShouldBeTrue();
        new ChangeCondition { IsAbsent = true }.Holds(now).ShouldBeFalse();
        new ChangeCondition { Exists = true }.Holds(null).ShouldBeFalse();
        new ChangeCondition { Exists = true, OneOf = [now] }.Holds(now).ShouldBeTrue();
        new ChangeCondition { Exists = true, OneOf = [now] }.Holds(other).ShouldBeFalse();
        new ChangeCondition { NoneOf = [now] }.Holds(now).ShouldBeFalse();
        ApplicationVersion.TryParse("1.2", out var read).ShouldBeTrue();
        read.ShouldBe(now);
        ApplicationVersion.TryParse("12", out _).ShouldBeFalse();
    }

    private static ApplicationState Step(ApplicationState state, Act act, long number, int figure) => act switch
    {
        Act.Change when state.Operation is null => state.BeginChange(
            Description(state.IncarnationOfNext), figure == 0 ? [] : [Adopted], isRunning: false, Samples.Now),
        Act.Remove when state is { Operation: null, Application: not null } => state.BeginRemoval(
            Description(state.Incarnation, vms: figure + 1), [new(new("vm9"), Samples.At("a"))], isRunning: false, Samples.Now),
        Act.Delete when state is { Operation: null, Application: not null } => state.BeginDelete(),
        Act.Reserved => state.Reserved(number, []),
        Act.Commit => state.Commit(number, Samples.Now),
        Act.Refuse => state.Refuse(number, [Refusal.SiteOffline(new("a"))]),
        Act.EndChange => state.EndChange(number),
        Act.EndDelete => state.EndDelete(number),
        Act.BeginPlan => Begun(state, new(Named with { Incarnation = Math.Max(1, state.Incarnation) }, figure + 1)),
        Act.EndPlan => state.EndPlan(new(Named with { Incarnation = Math.Max(1, state.Incarnation) }, figure + 1)),
        _ => state,
    };

    private static ApplicationState Begun(ApplicationState state, PlanId plan)
    {
        var (next, refusal) = state.BeginPlan(plan);
        var free = state is { Application: not null, Operation: null } || state.Operation is ApplicationOperation.CarryOut same && same.Plan == plan;
        (refusal is null).ShouldBe(free);
        return next;
    }

    // Each operation begins where none is, and only its commit or its end changes what is in force.
    private static void Check(ApplicationState before, ApplicationState after, List<ApplicationVersion> versions)
    {
        if (before.Operation is { } old && after.Operation is { } now)
        {
            now.Number.ShouldBe(old.Number);
        }

        if (after.Version == before.Version)
        {
            after.Application.ShouldBeSameAs(before.Application);
            return;
        }

        if (after.Version is { } version)
        {
            versions.Add(version);
            after.Operation.ShouldBeOfType<ApplicationOperation.Change>().Stage.ShouldBe(ChangeStage.Settling);
            (before.Operation is null or ApplicationOperation.Change { Stage: ChangeStage.Starting }).ShouldBeTrue();
        }
        else
        {
            before.Operation.ShouldBeOfType<ApplicationOperation.Delete>();
        }
    }

    private static Adoption Adopted => new(new("vm1"), Samples.At("a"));

    private static Application Description(int incarnation, int vms = 1) => Samples.View([], [.. Enumerable.Range(1, vms).Select(vm => Samples.Vm($"vm{vm}"))])
        .Application with
    { Id = Named with { Incarnation = incarnation } };
}
