using Federation.Cli.Tests.Making;
using Federation.Sensor.Spool;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commands;

public sealed class SensorRunTests
{
    [Fact]
    public async Task A_sensor_on_the_state_folder_of_another_one_is_refused_before_it_watches_anything()
    {
        using var folder = new TemporaryFolder();
        folder.Write("token", "secret");
        var file = folder.Write("sensor.yaml", $$"""
            sensor: host2
            server: http://127.0.0.1:1
            tokenFile: {{folder["token"]}}
            state: {{folder["state"]}}
            capture: { taps: [none0] }
            discover: { service: 5s }
            """);
        using var first = FolderLock.Take(folder["state"], "sensor host1, process 17, since 2026-11-23T17:51:00Z")
            .ShouldBeOfType<LockOutcome.Taken>().Lock;

        var run = await CommandRun.Of("sensor", "run", "--config", file);

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldBe(
            $"fedctl: the state folder {folder["state"]} is used by sensor host1, process 17, since 2026-11-23T17:51:00Z, which goes on; "
            + $"stop that one first, or name a folder of its own as 'state' in {file}\n");
    }
}
