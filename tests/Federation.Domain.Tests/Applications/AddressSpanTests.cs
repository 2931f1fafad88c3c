using CsCheck;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Applications;

/// <summary>Spans of addresses against sets of them.</summary>
public sealed class AddressSpanTests
{
    private static readonly Gen<Address[]> Addresses = Gen.Select(Gen.Int[0, 2], Gen.Int[1, 40]).Select(each => Address.Parse(each.Item1 switch
    {
        0 => $"10.0.0.{each.Item2}",
        1 => $"2001:db8::{each.Item2:x}",
        _ => $"52:54:00:00:00:{each.Item2:x2}",
    })).Array[0, 12].Select(all => all.Distinct().ToArray());

    [Fact]
    public void Two_applications_share_the_least_address_that_both_have() => Gen.Select(Addresses, Addresses).Sample((some, others) =>
        AddressSpan.Common(AddressSpan.Of(Application(some)), AddressSpan.Of(Application(others)))
            .ShouldBe(some.Intersect(others).Order().Select(address => (Address?)address).FirstOrDefault()));

    [Fact]
    public void Addresses_that_follow_one_another_are_one_span_and_no_kind_runs_into_another() =>
        AddressSpan.Of(Application([.. Enumerable.Range(1, 200).Select(number => Address.Parse($"10.0.0.{number}")), Address.Parse("2001:db8::1")])).Length.ShouldBe(2);

    private static Application Application(Address[] addresses) => new()
    {
        Id = new(new("astro"), "cg"),
        Objective = Objective.Cost,
        Remaining = TimeSpan.FromHours(1),
        Vms = [.. addresses.Select((address, index) => new VmSpec { Id = new($"vm{index}"), Vcpus = 1, MemoryBytes = 1, Addresses = [address] })],
    };
}
