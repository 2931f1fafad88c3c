using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Grains.Access;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class GrainTargetsTests
{
    [Fact]
    public void Of_every_grain_it_is_said_whose_it_is() => typeof(OpenToAttribute).Assembly.GetTypes()
        .Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type) && !GrainTargets.Knows(type))
        .ShouldBeEmpty("a grain that is not listed is open to nobody: say whose it is in GrainTargets");

    [Fact]
    public void A_grain_of_a_tenant_is_another_tenants_only_by_another_key()
    {
        var of = GrainTargets.Of(typeof(ISegmentGrain), GrainId.Create("segment", "astro/cg.1"));
        of.ShouldBe(new(new("astro"), null));
        GrainTargets.Of(typeof(ISegmentGrain), GrainId.Create("segment", "astro/cg.01")).ShouldBeNull();
    }
}
