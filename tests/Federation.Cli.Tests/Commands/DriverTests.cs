using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commands;

public sealed class DriverTests
{
    private static readonly string Example = Path.Combine(AppContext.BaseDirectory, "plug-ins", "processes.py");

    [Fact]
    public async Task The_example_passes_a_check_and_what_it_does_not_promise_is_told()
    {
        var run = await CommandRun.Of("driver", "test", Example, "--only", "is told to go on");

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Lines.ShouldBe(
        [
            "-       A live move holds at its switch until it is told to go on",
            "        not held against it: it does not both move VMs while they run and hold at the switch",
            "ok      A cold move holds at its switch until it is told to go on",
            "1 passed, 0 failed, 1 not promised",
        ]);
    }

    [Fact]
    public async Task A_check_that_fails_is_told_with_the_reason_and_the_exit_code_is_1()
    {
        var run = await CommandRun.Of("driver", "test", "/bin/sh", "--only", "tells what it is", "--", "-c", "echo oh no >&2; exit 7");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Lines[0].ShouldBe("FAILED  It tells what it is, and the same when it is asked again");
        run.Lines[1].ShouldBe("        host a: Describe was refused: plug-in /bin/sh did not answer call 1 (describe): it ended with exit code 7 and said: oh no");
        run.Error.ShouldContain("/bin/sh: oh no");
    }

    [Fact]
    public async Task The_checks_can_be_named_without_a_program_being_started()
    {
        var run = await CommandRun.Of("driver", "test", "/no/such/program", "--list");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Lines.Length.ShouldBeGreaterThan(40);
    }

    [Theory]
    [InlineData("no check has 'xyzzy' in its name", "--only", "xyzzy")]
    [InlineData("/nonexistent/guest.json: no VM can be read from it", "--guest", "/nonexistent/guest.json")]
    public async Task What_cannot_be_done_is_refused(string told, string option, string value)
    {
        var run = await CommandRun.Of("driver", "test", Example, option, value);

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain(told);
    }

    [Fact]
    public async Task The_results_can_be_read_by_programs()
    {
        var run = await CommandRun.Of("driver", "test", Example, "--only", "tells what it is", "-o", "json");

        run.Json[0].GetProperty("outcome").GetString().ShouldBe("passed");
    }
}
