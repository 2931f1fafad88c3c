using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Guests;

public sealed class DerivedMacTests
{
    // Written down: were it another tomorrow, every guest would come up with another network card.
    [Fact]
    public void It_is_the_same_for_ever() => DerivedMac.Of(Vm("cg", 1, "vm1"), 0).ShouldBe("66:58:45:24:fb:d9");

    [Fact]
    public void The_next_life_of_an_application_has_the_same() => DerivedMac.Of(Vm("cg", 2, "vm1"), 0).ShouldBe(DerivedMac.Of(Vm("cg", 1, "vm1"), 0));

    [Fact]
    public void Ten_thousand_VMs_of_two_interfaces_have_all_different_ones_for_one_receiver_and_locally_administered()
    {
        var macs = Enumerable.Range(0, 10_000).SelectMany(number => Enumerable.Range(0, 2).Select(index => DerivedMac.Of(Vm("cg", 1, $"vm{number}"), index))).ToList();
        macs.Distinct().Count().ShouldBe(macs.Count);
        macs.ShouldAllBe(mac => (Convert.ToInt32(mac.Substring(0, 2), 16) & 0x83) == 0x02);
        macs.ShouldAllBe(mac => Address.Parse(mac).Kind == AddressKind.Mac && Address.Parse(mac).ToString() == mac);
    }

    private static VmRef Vm(string name, int incarnation, string vm) => new(new(new("astro"), name, incarnation), new(vm));
}
