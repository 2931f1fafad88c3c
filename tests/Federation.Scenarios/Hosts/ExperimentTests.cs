using System.Globalization;
using System.Reflection;
using Shouldly;

namespace Federation.Scenarios.Hosts;

/// <summary>The experiment of the lab in deploy/lab, once. tests/nightly-experiment.sh makes twenty runs each over four kinds of lines.</summary>
public sealed class ExperimentTests : IDisposable
{
    private static readonly string Script = Path.GetFullPath(typeof(ExperimentTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Experiment").Value!);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fe-");

    [QemuFact]
    public void An_MPI_program_whose_VMs_move_to_another_site_meanwhile_ends_with_the_right_result_and_all_its_connections()
    {
        var ledger = Path.Combine(folder.FullName, "experiment.csv");

        // Groups take two windows of 30 s to be found, and are no part of a move.
        var (code, printed, said) = Programs.Try(
            "env", $"FEDERATION_LAB={folder.FullName}l", "FEDERATION_LAB_BUILT=yes", "FEDERATION_EXPERIMENT_LINES=100:0", "FEDERATION_EXPERIMENT_OPTIONS=--no-groups",
            $"FEDERATION_EXPERIMENT_LEDGER={ledger}", $"FEDERATION_EXPERIMENT_EVIDENCE={folder.FullName}/evidence", "bash", Script, "1");

        code.ShouldBe(0, printed + said);
        var (names, values) = (Cells(ledger, 0), Cells(ledger, 1));
        string Of(string column) => values[Array.IndexOf(names, column)];
        Of("result").ShouldBe("equal");
        Of("moves").ShouldBe("2");
        string[] moved = [Of("first_vm"), Of("second_vm")];
        moved.ShouldBe(["vm1", "vm2"], ignoreOrder: true);
        foreach (var move in (string[])["first", "second"])
        {
            Of($"{move}_from").ShouldStartWith("north-");
            Of($"{move}_to").ShouldStartWith("south-");
            int.Parse(Of($"{move}_rounds"), CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(2);
        }

        Of("addresses").ShouldBe("same");
        int.Parse(Of("connections"), CultureInfo.InvariantCulture).ShouldBeGreaterThan(10);
        Of("lost").ShouldBe("0");
        Of("resets").ShouldBe("0");
        Directory.Exists($"{folder.FullName}l").ShouldBeFalse();
        Programs.Run("ip", "netns", "list").ShouldNotContain($"{folder.Name}l-");
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static string[] Cells(string file, int line) => File.ReadLines(file).ElementAt(line).Split(',');
}
