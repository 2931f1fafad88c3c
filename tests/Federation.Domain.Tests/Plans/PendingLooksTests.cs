using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class PendingLooksTests
{
    // An addition of (application, worth); null takes the next out.
    private static readonly Gen<(int Application, int Worth)?[]> Acts =
        Gen.Frequency((2, Gen.Select(Gen.Int[0, 6], Gen.Int[0, 4]).Select(look => ((int, int)?)look)), (1, Gen.Const(((int, int)?)null))).Array[0, 60];

    [Fact]
    public void Every_application_is_looked_at_once_for_all_that_it_waits_for_and_what_is_worth_most_comes_first() => Acts.Sample(acts =>
    {
        var looks = new PendingLooks();
        var slow = new List<(int Application, int Worth)>();
        foreach (var act in acts)
        {
            if (act is { } add)
            {
                looks.Add(new(Of(add.Application), add.Worth));
                var known = slow.FindIndex(look => look.Application == add.Application);
                if (known < 0 || slow[known].Worth < add.Worth)
                {
                    slow.RemoveAll(look => look.Application == add.Application);
                    slow.Add(add);
                }
            }
            else
            {
                // Of equal worth whoever has waited longest for it.
                var next = slow.Count == 0 ? (AppId?)null : Of(slow.MaxBy(look => look.Worth).Application);
                looks.Next().ShouldBe(next);
                slow.RemoveAll(look => Of(look.Application) == next);
            }

            looks.Count.ShouldBe(slow.Count);
        }
    });

    private static AppId Of(int number) => new(new("astro"), $"app{number}", 1);
}
