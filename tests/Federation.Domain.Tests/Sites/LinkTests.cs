using CsCheck;
using Federation.Domain.Sites;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class LinkTests
{
    private static readonly Gen<Link> Any = Gen.Select(Gen.Double[1, 1e9], Gen.Enum<LinkEncryption>(), Gen.Double[1, 1e9].Nullable(), Gen.Enum<LinkPath>(), (rate, encryption, encrypted, path) =>
        new Link(0.01, rate, 0.02m) { Encryption = encryption, EncryptedBytesPerSecond = encrypted, Path = path });

    [Fact]
    public void The_stricter_of_both_directions_holds_and_takes_what_it_costs_from_the_bandwidth()
    {
        Gen.Select(Any, Any.Nullable()).Sample((there, back) =>
        {
            var isEncrypted = there.Encryption != LinkEncryption.Off || (back is { } way && way.Encryption != LinkEncryption.Off);
            var used = there.Used(back);
            used.BytesPerSecond.ShouldBe(!isEncrypted ? there.BytesPerSecond
                : there.EncryptedBytesPerSecond is { } measured ? Math.Min(there.BytesPerSecond, measured) : Math.Min(there.BytesPerSecond, 46_250_000));
            (used.LatencySeconds, used.EgressPerGB).ShouldBe((there.LatencySeconds, there.EgressPerGB));
            (Link.EncryptionOf(there, back) == LinkEncryption.Required).ShouldBe(there.Encryption == LinkEncryption.Required || back?.Encryption == LinkEncryption.Required);
            (Link.PathOf(there, back) == LinkPath.Star).ShouldBe(there.Path == LinkPath.Star || back?.Path == LinkPath.Star);
        });
    }
}
