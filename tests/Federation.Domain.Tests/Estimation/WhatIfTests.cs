using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Estimation;

public sealed class WhatIfTests
{
    [Fact]
    public void What_an_owner_is_supposed_to_want_replaces_what_he_wants_and_nothing_else()
    {
        var world = Samples.View([Samples.Site("a")], Samples.Vm("vm1", "a"));
        var (supposed, _) = WhatIf.In(world, [new() { Objective = Objective.Time }, new() { Margin = 0.5 }, new() { DeadlineSeconds = 60 }]);
        (supposed!.Application.Objective, supposed.Application.Margin, supposed.Application.Deadline).ShouldBe((Objective.Time, 0.5, TimeSpan.FromMinutes(1)));
        (supposed.Application with { Objective = Objective.Cost, Margin = world.Application.Margin, Deadline = null }).ShouldBe(world.Application);
        supposed.Sites.ShouldBe(world.Sites);
        WhatIf.In(world, [new(new("b"), null)]).Refusal.ShouldNotBeNull();
    }

    [Fact]
    public void A_change_is_of_one_thing_within_its_bounds()
    {
        foreach (var good in (WhatIf[])[new(new("a"), null), new(new("a"), 2), new() { Margin = 0 }, new() { Objective = Objective.Time }, new() { DeadlineSeconds = 1 }])
        {
            good.Fault.ShouldBeNull(good.Text);
        }

        foreach (var bad in (WhatIf[])
        [
            new(), new(new("a"), null) { Margin = 0.1 }, new() { Margin = 1 }, new() { Margin = double.NaN }, new() { DeadlineSeconds = 0 }, new() { DeadlineSeconds = double.PositiveInfinity },
            new(new("a"), -1), new(default, 2), new() { Objective = (Objective)9 }, new() { Margin = 0.1, DeadlineSeconds = 5 },
        ])
        {
            bad.Fault.ShouldNotBeNull($"{bad}");
        }
    }
}
