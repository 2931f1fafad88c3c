using CsCheck;
using Federation.Domain.Sites;

namespace Federation.Testing;

/// <summary>Random price schedules and billing rules.</summary>
public static class RandomPrices
{
    /// <summary>The moment of planning in every random world.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 17, 51, 13, TimeSpan.Zero);

    /// <summary>A price per hour, one in four free.</summary>
    public static readonly Gen<decimal> PerHour =
        Gen.Frequency<decimal>((1, Gen.Const(0m)), (3, Gen.Int[1, 40_000].Select(tenthsOfMills => tenthsOfMills / 10_000m)));

    /// <summary>Steps around now; one in twenty starts only after now, so that its offer has no price yet.</summary>
    public static readonly Gen<PriceSchedule> Stepped =
        from first in Gen.Frequency<int>((19, Gen.Int[-7200, 0]), (1, Gen.Int[1, 600]))
        from later in Gen.Int[1, 20_000].Array[0, 4]
        from prices in PerHour.Array[later.Length + 1]
        select new PriceSchedule(later.Select(seconds => first + seconds).Prepend(first).Distinct()
            .Zip(prices, (seconds, price) => new PriceEntry(Now.AddSeconds(seconds), price)));

    /// <summary>Constant or stepped.</summary>
    public static readonly Gen<PriceSchedule> Schedule = Gen.OneOf<PriceSchedule>(PerHour.Select(PriceSchedule.Always), Stepped);

    /// <summary>By the tenth of a second up to by the hour, with and without a minimum.</summary>
    public static readonly Gen<Billing> Billing =
        from increment in Gen.OneOf(0.1, 1, 7, 60, 3600)
        from minimum in Gen.OneOf(0, 60, 600, 7200)
        select new Billing(TimeSpan.FromSeconds(increment), TimeSpan.FromSeconds(minimum));
}
