using System.Net;
using Federation.Api;
using Federation.Cli.Commands;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Cli.Tests.Making;
using Federation.Domain.Refusals;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

/// <summary>What fedctl prints speaks of its own commands, and never of HTTP.</summary>
public sealed class FedctlWordsTests
{
    [Theory]
    [InlineData(404, """{"detail":"there is no site 'x'; GET /v1/sites lists them","what":"there is no site 'x'","remedy":{"code":"list","kind":"site"}}""",
        "fedctl: there is no site 'x'; 'fedctl site list' lists them\n")]
    [InlineData(409, """{"detail":"'x' can be of a or b: say which with ?tenant=","what":"'x' can be of a or b","remedy":{"code":"sayTenant","name":"x"}}""",
        "fedctl: 'x' can be of a or b; say which by its tenant, TENANT/x\n")]
    [InlineData(404, """{"detail":"/v1/x is not known","what":"it is not known","remedy":{"code":"ofTheYear2040"}}""", "fedctl: it is not known\n")]
    public async Task A_refusal_names_the_command_that_helps(int status, string body, string says)
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites/x", new RecordedService.Answer(status, body));

        (await service.Run("site", "get", "x")).Error.ShouldBe(says);
    }

    [Fact]
    public void Every_remedy_has_words_of_fedctl_and_the_commands_in_them_are_there()
    {
        foreach (var code in Enum.GetValues<RemedyCode>().Where(code => code != RemedyCode.GiveToken))
        {
            foreach (var kind in Enum.GetValues<RemedyKind>().Select(kind => (RemedyKind?)kind).Append(null))
            {
                foreach (var name in (string?[])["cg.1.1", null])
                {
                    var words = RemedyText.Of($"{code}", $"{kind}", name);
                    words.ShouldNotBeNullOrEmpty($"{code}");
                    HttpWords.In(words).ShouldBeNull(words);
                    foreach (var command in words.Split('\'').Where(part => part.StartsWith("fedctl ", StringComparison.Ordinal)))
                    {
                        ShouldBeACommand(command, name);
                    }
                }
            }
        }
    }

    [Fact]
    public void No_refusal_speaks_HTTP()
    {
        foreach (var code in Enum.GetValues<RefusalCode>())
        {
            foreach (var arguments in (RefusalArguments[])[Full, Full with { Occupies = true }, Full with { At = null, Needed = null, Vm = null, Detail = null }])
            {
                var text = RefusalText.Of(new(code, arguments));
                HttpWords.In(text).ShouldBeNull(text);
            }
        }
    }

    [Fact]
    public async Task Whatever_a_status_is_and_whoever_asks_fedctl_says_it_in_words_of_its_own()
    {
        foreach (var status in Enum.GetValues<HttpStatusCode>().Where(status => (int)status >= 300).Distinct())
        {
            foreach (var body in (string[])["", "<html>503 Service Unavailable</html>"])
            {
                await using var service = await RecordedService.Start();
                service.On("GET /v1/sites", new RecordedService.Answer((int)status, body));
                foreach (var run in (CommandRun[])[await service.Run("site", "list"), await CommandRun.Of("site", "list", "--server", service.Address)])
                {
                    run.ExitCode.ShouldBe(ExitCode.Error);
                    HttpWords.In(run.Error).ShouldBeNull($"{(int)status}: {run.Error}");
                    run.Error.ShouldNotContain("nowhere");
                }
            }
        }
    }

    [Fact]
    public async Task No_help_speaks_HTTP()
    {
        foreach (var command in CommandLines.All)
        {
            var help = (await CommandRun.Of([.. command.Words, "--help"])).Out;
            HttpWords.In(help).ShouldBeNull($"{command}: {help}");
        }
    }

    private static RefusalArguments Full { get; } = new()
    {
        Site = new("rennes"), To = new("paris"), Offer = "std-4", Tenant = new("astro"), Application = new(new("astro"), "cg"), Vm = new("vm1"), Other = new("vm2"),
        Limit = 1, Needed = 2, At = CommandRun.Now, Names = NameList.Of(["a", "b"]), Sites = NameList.Of(["rennes"]), Plan = "cg.1.1", Reservation = "cg.1.1", By = "alice",
        Sensor = "s", Host = "h", Detail = "d", Instead = "EUR", Cause = new(RefusalCode.SiteUnknown, new() { Site = new("rennes") }),
    };

    private static void ShouldBeACommand(string words, string? name)
    {
        var terminal = new Terminal { Out = TextWriter.Null, Error = TextWriter.Null, Clock = TimeProvider.System, Environment = _ => null };
        var parse = CommandTree.Create(terminal).Parse(words["fedctl ".Length..].Trim() + (words.EndsWith(' ') && name is null ? " x" : ""));
        parse.Errors.ShouldBeEmpty(words);
    }
}
