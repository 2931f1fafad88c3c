using System.Text.Json;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Migration;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Guests;

/// <summary>Sightings of a copy of a VM are compared by what was seen.</summary>
public sealed class GuestSightingTests
{
    private static readonly GuestSighting Seen = new(VmRef.Parse("astro/cg.1/vm1"), GuestState.Receiving, new TransferProgress(MigrationId.Parse("astro/cg.1.1.1")), "slow")
    {
        Hardware = new(CpuModel: "Westmere"), Taps = ["fv1", "fv2"], MemoryBytes = 16,
    };

    [Fact]
    public void A_copy_that_is_told_again_has_not_changed()
    {
        var again = JsonSerializer.Deserialize<GuestSighting>(JsonSerializer.Serialize(Seen, DomainJson.Options), DomainJson.Options)!;
        again.ShouldBe(Seen);
        again.GetHashCode().ShouldBe(Seen.GetHashCode());
        MigrationLook.HasChanged(new(EndLook.Of(null), EndLook.Of(Seen)), new(EndLook.Of(null), EndLook.Of(again))).ShouldBeFalse("else what is stuck would be waited for without an end");
    }

    [Fact]
    public void A_copy_of_which_anything_else_is_told_has_changed()
    {
        GuestSighting[] others =
        [
            Seen with { Vm = VmRef.Parse("astro/cg.1/vm2") }, Seen with { State = GuestState.Received }, Seen with { Transfer = null }, Seen with { Remark = null },
            Seen with { Hardware = null }, Seen with { Taps = ["fv1", "fv3"] }, Seen with { MemoryBytes = 17 },
        ];
        others.Length.ShouldBe(typeof(GuestSighting).GetProperties().Length, "each property counts");
        others.ShouldAllBe(other => other != Seen);
    }
}
