using Federation.Sensor.Daemon;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Daemon;

public sealed class LastFaultTests
{
    [Fact]
    public void A_fault_that_lasts_is_told_once_and_again_after_it_was_over()
    {
        var (last, told) = (new LastFault(), new List<string>());
        foreach (var fault in (string?[])["full", "full", "gone", "full", null, "full", "full"])
        {
            if (fault is null)
            {
                last.Over();
            }
            else
            {
                last.Is(fault, told.Add);
            }

            last.IsOver.ShouldBe(fault is null);
        }

        told.ShouldBe(["full", "gone", "full", "full"]);
    }
}
