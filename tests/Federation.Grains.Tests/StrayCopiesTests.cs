using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Grains.Hosts;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class StrayCopiesTests
{
    private static readonly HostPost Here = new(new("a"), "h1");
    private static readonly VmRef Vm = new(AppId.Parse("astro/cg.1"), new("vm1"));
    private readonly StrayCopies strays = new(Here, TimeProvider.System);

    [Fact]
    public void A_copy_that_runs_with_an_old_epoch_ends_where_its_VM_is_elsewhere_or_nowhere()
    {
        strays.EndOf(Copy(1), new VmStatus(Samples.At("b"), 2, "h9"), null)!.Epoch.ShouldBe(2);
        strays.EndOf(Copy(1), new VmStatus(Samples.At("a"), 2, "h2"), null).ShouldNotBeNull();
        strays.EndOf(Copy(1), new VmStatus(null, 2), null).ShouldNotBeNull();
    }

    [Fact]
    public void A_copy_is_left_alone_where_its_host_may_be_the_owner_or_a_migration_decides()
    {
        strays.EndOf(Copy(2), new VmStatus(Samples.At("b"), 2, "h9"), null).ShouldBeNull("it has the newest epoch");
        strays.EndOf(Copy(1), new VmStatus(Samples.At("a"), 2, "h1"), null).ShouldBeNull("it is the owner's");
        strays.EndOf(Copy(1), new VmStatus(Samples.At("a"), 2), null).ShouldBeNull("the site tells no host");
        strays.EndOf(Copy(1), new VmStatus(Samples.At("a"), 2, "h2"), new("h1", "h2")).ShouldBeNull("it leaves from here");
        strays.EndOf(Copy(1), new VmStatus(Samples.At("a"), 2, "h2"), new("h2", "h1")).ShouldBeNull("it comes here");
    }

    private static HostGuest Copy(long epoch) => new(new GuestSighting(Vm, GuestState.Running), epoch);
}
