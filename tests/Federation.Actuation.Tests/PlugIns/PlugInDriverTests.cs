using Federation.Actuation.PlugIns;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Actuation.Tests.PlugIns;

public sealed class PlugInDriverTests
{
    private const string Facts = """{"driver":"mine","version":"7"}""";

    private static readonly VmRef Vm = new(AppId.Parse("astro/cg.1"), new("vm1"));
    private static readonly GuestSpec Guest = new() { Vm = Vm, Vcpus = 1, MemoryBytes = 1, UserData = "the-secret" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_is_sent_a_line_of_JSON_and_its_answer_is_what_the_call_gives()
    {
        // It answers with what it was sent, as the version.
        await using var driver = Script("""read line; version=$(echo "$line" | tr -d '"'); echo '{"id":1,"result":{"driver":"mine","version":"'"$version"'"}}'; cat >/dev/null""");

        (await driver.Describe(Cancel)).Version.ShouldBe("{call:describe,id:1}");
    }

    [Fact]
    public async Task What_the_program_cannot_do_is_told_with_its_reason()
    {
        await using var driver = Script("""read line; echo '{"id":1,"error":"the cloud has no room"}'; cat >/dev/null""");

        (await Fails(() => driver.Stop(Vm, Cancel))).ShouldBe("plug-in /bin/sh: the cloud has no room");
    }

    [Fact]
    public async Task A_program_that_dies_fails_the_call_with_its_exit_code_and_its_last_words()
    {
        await using var driver = Script("read line; echo 'no such region' >&2; exit 3");

        (await Fails(() => driver.Stop(Vm, Cancel)))
            .ShouldBe("plug-in /bin/sh did not answer call 1 (stop astro/cg/vm1): it ended with exit code 3 and said: no such region");
    }

    [Fact]
    public async Task A_program_that_dies_while_what_it_started_holds_its_output_open_fails_the_call()
    {
        await using var driver = Script("read line; sleep 30 & exit 4");

        (await Fails(() => driver.Stop(Vm, Cancel))).ShouldContain("it ended with exit code 4");
    }

    [Fact]
    public async Task A_program_that_died_is_started_anew_at_the_next_call()
    {
        var directory = Directory.CreateTempSubdirectory("federation-plug-in-");
        try
        {
            // The first run leaves a file behind and dies; the second one finds it.
            await using var driver = Script($$"""read line; [ -e {{directory.FullName}}/again ] || { touch {{directory.FullName}}/again; exit 1; }; echo '{"id":1,"result":{{Facts}}}'; cat >/dev/null""");
            await Fails(() => driver.Describe(Cancel));

            (await driver.Describe(Cancel)).Driver.ShouldBe("mine");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("hello", "'hello'")]
    [InlineData("""{"id":"one"}""", """'{"id":"one"}'""")]
    [InlineData("""{"result":{}}""", "it has no id")]
    [InlineData("null", "null is no answer")]
    [InlineData("""{"id":99,"result":{}}""", "answers a call that was not made")]
    public async Task A_line_that_is_no_answer_fails_the_call_and_is_named(string line, string told)
    {
        await using var driver = Script($"""read line; echo; echo '{line}'; cat >/dev/null""");

        var fault = await Fails(() => driver.Describe(Cancel));

        fault.ShouldStartWith("plug-in /bin/sh did not answer call 1 (describe): its line 2 ");
        fault.ShouldContain(told);
    }

    [Theory]
    [InlineData("""{"driver":"mine"}""")]
    [InlineData("""{"driver":"mine","version":7}""")]
    [InlineData("""{"driver":"mine","version":"7","cpuModels":null}""")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task An_answer_of_another_form_fails_the_call_and_is_named(string result)
    {
        await using var driver = Script($$"""read line; echo '{"id":1,"result":{{result}}}'; cat >/dev/null""");

        (await Fails(() => driver.Describe(Cancel))).ShouldStartWith("plug-in /bin/sh answered call 1 (describe) with what is no answer to it: '{");
    }

    [Theory]
    [InlineData("""[{"vm":"astro/cg.1/vm1","state":"running"},{"vm":"astro/cg.1/vm1","state":"paused"}]""")]
    [InlineData("[null]")]
    public async Task A_VM_that_is_found_twice_fails_the_call(string result)
    {
        await using var driver = Script($$"""read line; echo '{"id":1,"result":{{result}}}'; cat >/dev/null""");

        (await Fails(() => driver.Find(Cancel))).ShouldBe("plug-in /bin/sh finds a VM twice, or null");
    }

    [Fact]
    public async Task A_program_that_does_not_answer_in_time_fails_the_call()
    {
        await using var driver = Script("while read line; do :; done", callSeconds: 0.05);

        (await Fails(() => driver.Stop(Vm, Cancel)))
            .ShouldBe("plug-in /bin/sh did not answer call 1 (stop astro/cg/vm1): it has not answered call 1 (stop astro/cg/vm1) within 0.05 s");
    }

    [Fact]
    public async Task A_program_that_reads_nothing_fails_the_call_however_long_its_line_is()
    {
        await using var driver = Script("sleep 30", callSeconds: 0.05);

        await Fails(() => driver.Receive(new(new(Vm.Application, 1), 1), Guest with { UserData = new('x', 1 << 20) }, new(), Cancel));
    }

    [Fact]
    public async Task A_line_without_an_end_fails_the_call()
    {
        await using var driver = Script("read line; exec cat /dev/zero");

        (await Fails(() => driver.Describe(Cancel))).ShouldContain("a line of more than");
    }

    [Fact]
    public async Task Answers_may_come_in_any_order()
    {
        await using var driver = Script($$"""read one; read two; echo '{"id":2,"result":{{Facts.Replace("7", "second")}}}'; echo '{"id":1,"result":{{Facts.Replace("7", "first")}}}'; cat >/dev/null""");

        var first = driver.Describe(Cancel);
        var second = driver.Describe(Cancel);

        (await second).Version.ShouldBe("second");
        (await first).Version.ShouldBe("first");
    }

    [Fact]
    public async Task What_a_VM_is_started_with_is_in_no_failure()
    {
        await using var driver = Script("""read line; echo "$line" | tr '{' '!'; cat >/dev/null""");

        var fault = await Fails(() => driver.Start(Guest, Cancel));

        fault.ShouldContain("not shown beside a VM's user data");
        fault.ShouldNotContain("the-secret");
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        await using var driver = new PlugInDriver(new() { Program = "/no/such/program" }, TimeProvider.System, _ => { });

        (await Fails(() => driver.Describe(Cancel))).ShouldStartWith("plug-in /no/such/program cannot be started: ");
    }

    private static PlugInDriver Script(string script, double callSeconds = 20) =>
        new(new() { Program = "/bin/sh", Arguments = ["-c", script], CallSeconds = callSeconds, RunSeconds = callSeconds }, TimeProvider.System, _ => { });

    private static async Task<string> Fails(Func<Task> call) => (await Should.ThrowAsync<DriverException>(call)).Message;
}
