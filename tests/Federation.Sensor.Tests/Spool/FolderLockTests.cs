using System.Diagnostics;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Spool;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Spool;

public sealed class FolderLockTests : IDisposable
{
    private static readonly AppId Application = AppId.Parse("cg");
    private readonly string folder = Directory.CreateTempSubdirectory("federation-lock-").FullName;

    [Fact]
    public void A_second_sensor_is_refused_by_the_first_ones_name_and_the_first_one_goes_on()
    {
        using var first = Taken("sensor host1, process 17");
        var spool = new WindowSpool(new FolderFiles(first), new SpoolOptions());
        spool.Append(Application, [Report(1)]);

        FolderLock.Take(folder, "sensor host2, process 18").ShouldBe(new LockOutcome.Held("sensor host1, process 17"));
        spool.Append(Application, [Report(2)]);
        spool.Take(Application, int.MaxValue).Sum(entry => entry.ReportCount).ShouldBe(2);
    }

    [Fact]
    public void Whoever_asks_when_a_folder_is_one_sensors_at_a_time() => Gen.Int[0, 3].Array[1, 40].Sample(
        asked =>
        {
            var owner = -1;
            var locks = new FolderLock?[4];
            foreach (var sensor in asked)
            {
                if (owner == sensor)
                {
                    locks[sensor]!.Dispose();
                    owner = -1;
                    continue;
                }

                var outcome = FolderLock.Take(folder, $"sensor {sensor}");
                outcome.ShouldBeOfType(owner < 0 ? typeof(LockOutcome.Taken) : typeof(LockOutcome.Held));
                if (outcome is LockOutcome.Taken taken)
                {
                    (locks[sensor], owner) = (taken.Lock, sensor);
                }
                else
                {
                    ((LockOutcome.Held)outcome).Owner.ShouldBe($"sensor {owner}");
                }
            }

            if (owner >= 0)
            {
                locks[owner]!.Dispose();
            }
        },
        threads: 1);

    [Fact]
    public void Another_process_sees_the_lock_until_it_is_given_back()
    {
        using (Taken("sensor host1"))
        {
            CanLockElsewhere().ShouldBeFalse();
        }

        CanLockElsewhere().ShouldBeTrue();
    }

    [Fact]
    public void A_folder_that_cannot_be_used_is_an_error_that_names_it()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        Should.Throw<IOException>(() => FolderLock.Take(file, "sensor host1")).Message.ShouldContain(file);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private FolderLock Taken(string owner) => FolderLock.Take(folder, owner).ShouldBeOfType<LockOutcome.Taken>().Lock;

    private bool CanLockElsewhere()
    {
        using var other = Process.Start("flock", ["--nonblock", Path.Combine(folder, "lock"), "true"]);
        other.WaitForExit();
        return other.ExitCode == 0;
    }

    private static NumberedReport Report(long sequence) => new(
        new ReportOrigin("host1", Guid.Empty, sequence),
        new WindowReport(new VmId("vm1"), SpoolScript.Start.Shift((int)sequence), [], Window.Length));
}
