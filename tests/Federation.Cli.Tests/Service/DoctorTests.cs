using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class DoctorTests
{
    private const string Orphan = """
        {"at":"2026-11-23T12:00:00Z","settleSeconds":120,"findings":[{"kind":"placeOfNobody","tenant":"astro","application":"cg","vm":"vm1","site":"a",
         "text":"a place at a/std is kept for astro/cg/vm1, which does not exist","remedy":"the place is given back","since":"2026-11-23T12:00:00Z","fate":"FATE"}]}
        """;

    [Fact]
    public async Task A_sound_federation_is_said_to_be_well()
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/doctor", """{"at":"2026-11-23T12:00:00Z","settleSeconds":120,"findings":[]}""");
        var run = await service.Run("doctor");
        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Out.ShouldBe("all is well: ledgers, hypervisors, applications and VMs say the same\n");
    }

    [Theory]
    [InlineData("waits", 2, "1 may be on its way: look again in")]
    [InlineData("repairable", 2, "1 can be repaired: fedctl doctor --repair")]
    [InlineData("needsPerson", 2, "1 for a person to decide")]
    [InlineData("repaired", 0, "1 repaired")]
    public async Task A_finding_is_shown_with_what_becomes_of_it(string fate, int exitCode, string summary)
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/doctor?repair=true", Orphan.Replace("FATE", fate, StringComparison.Ordinal));
        var run = await service.Run("doctor", "--repair");
        run.ExitCode.ShouldBe(exitCode);
        run.Out.ShouldContain("astro/cg/vm1, which does not exist");
        run.Out.ShouldContain(summary);
    }
}
