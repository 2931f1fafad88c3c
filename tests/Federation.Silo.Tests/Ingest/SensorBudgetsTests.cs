using CsCheck;
using Federation.Silo.Ingest;
using Federation.Silo.Settings;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Ingest;

public sealed class SensorBudgetsTests
{
    private static readonly BudgetKey[] Senders = [new("host-0", null), new("host-1", null), new("carol", "host-0"), new("carol", "host-1")];

    [Fact]
    public void Whatever_others_send_a_sensors_budget_is_as_if_it_were_alone() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 30], Gen.Int[0, 5_000]).Array[1, 50].Sample(acts =>
        {
            var clock = new FakeTimeProvider();
            var options = Options.Create(new ServiceOptions { SensorBurstWindows = 20, SensorWindowsPerSecond = 2 });
            var together = new SensorBudgets(options, clock);
            var alone = Senders.ToDictionary(sender => sender, _ => new SensorBudgets(options, clock));
            foreach (var (sender, windows, milliseconds) in acts)
            {
                clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
                together.Spend(Senders[sender], windows).ShouldBe(alone[Senders[sender]].Spend(Senders[sender], windows));
            }
        });
}
