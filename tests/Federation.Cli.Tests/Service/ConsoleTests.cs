using System.Text;
using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class ConsoleTests
{
    [Fact]
    public async Task The_log_of_a_VM_is_what_it_wrote()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/applications/cg/vms/vm1/log?bytes=100", new RecordedService.Answer(200, Said("boot\r\nlogin: ", 0)));

        var run = await service.Run("vm", "log", "cg/vm1", "--bytes", "100");

        run.ExitCode.ShouldBe(0);
        run.Out.ShouldBe("boot\nlogin: \n");
    }

    [Fact]
    public async Task A_console_that_cannot_be_had_says_why()
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/applications/cg/vms/vm1/console", new RecordedService.Answer(409, """{"detail":"cg/vm1 runs nowhere: it has no console until it is started"}"""));

        var run = await service.Run("vm", "console", "cg/vm1");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("runs nowhere");
    }

    [Fact]
    public async Task At_the_end_of_what_is_typed_the_console_is_left()
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/applications/cg/vms/vm1/console", new RecordedService.Answer(200, Said("", 7)), new RecordedService.Answer(200, Said("$ ", 7)));

        var run = await service.Run("vm", "console", "cg/vm1");

        run.ExitCode.ShouldBe(0);
        run.Out.ShouldStartWith("$ ");
    }

    private static string Said(string text, long from)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return $$"""{"output":"{{Convert.ToBase64String(bytes)}}","from":{{from}},"next":{{from + bytes.Length}}}""";
    }
}
