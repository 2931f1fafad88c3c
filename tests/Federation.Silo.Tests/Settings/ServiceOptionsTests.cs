using Federation.Silo.Settings;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Settings;

public sealed class ServiceOptionsTests
{
    [Fact]
    public void The_defaults_are_in_their_ranges_and_memory_for_bodies_that_could_hold_none_is_a_fault_that_names_both_figures()
    {
        new ServiceOptionsValidator().Validate(null, new()).Succeeded.ShouldBeTrue();
        new ServiceOptionsValidator().Validate(null, new() { MaxBodyBytes = 1 << 20, MaxBodiesBytes = 3 << 20 }).Succeeded.ShouldBeTrue();
        new ServiceOptionsValidator().Validate(null, new() { MaxBodyBytes = 1 << 20, MaxBodiesBytes = (3 << 20) - 1 }).FailureMessage
            .ShouldNotBeNull().ShouldContain("MaxBodiesBytes is 3145727: no body of MaxBodyBytes (1048576) could be received; it has to be at least 3145728");
    }
}
