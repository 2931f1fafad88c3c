using Federation.Api;
using Federation.Cli.Tests.Making;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Federation.Planning;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

/// <summary>What lists and descriptions show while a site cannot be asked: that its state is not known, since when, and what was last known.</summary>
public sealed class LostSiteTests
{
    private const string Since = "2026-11-23T17:20:00Z";

    private static readonly string Site = Recorded.Site.Replace("\"revision\":3", $"\"revision\":3,\"online\":false,\"lostSince\":\"{Since}\"", StringComparison.Ordinal);
    private static readonly string Application = Recorded.Application.Replace("\"epoch\":2", $"\"epoch\":2,\"lostSince\":\"{Since}\"", StringComparison.Ordinal);
    private static readonly string Vm = Recorded.Vm.Replace("\"epoch\":2", $"\"epoch\":2,\"lostSince\":\"{Since}\"", StringComparison.Ordinal);

    private static readonly string Plan = Recorded.Plan().Replace("\"bound\":0.5", "\"bound\":0.5,\"unasked\":[\"rennes\"]", StringComparison.Ordinal);

    /// <summary>Each command that shows something of a site, and the line that says it.</summary>
    public static TheoryData<string, string> Shown { get; } = new()
    {
        { "site list", $"rennes  grid  eu-west       1   unknown  1 (last known)  cg (last known)  3 (last known)  offline, not known since {Since}" },
        { "site get rennes", $"rennes  grid  eu-west       1   unknown  1 (last known)  cg (last known)  3 (last known)  offline, not known since {Since}" },
        { "site describe rennes", $"No silo of it is in the federation since {Since}: its state is not known. All below is as it was last known." },
        { "app list", "cg           astro   cost       2h           2       1  rennes:1 (not known)      2.1" },
        { "app get cg", "cg           astro   cost       2h           2       1  rennes:1 (not known)      2.1" },
        { "app describe cg", $"cg           vm1  10.42.0.1  rennes/std-4 (not known since {Since})      2  2026-11-23T17:59:30Z" },
        { "vm list", $"cg           vm1  10.42.0.1  rennes/std-4 (not known since {Since})      2  2026-11-23T17:59:30Z" },
        { "vm get cg/vm1", $"cg           vm1  10.42.0.1  rennes/std-4 (not known since {Since})      2  2026-11-23T17:59:30Z" },
        { "vm describe cg/vm1", $"  at           rennes/std-4 (not known since {Since})" },
        { "top --once", $"cannot be asked, shown as last known: rennes (since {Since})" },
        { "host list", $"cannot be asked, not shown here: rennes (since {Since})" },
        { "plan describe cg.1.1", "Could not be asked, so that nothing comes there or leaves: rennes" },
    };

    // They show what is kept elsewhere: plans, groups, logs, tokens, contexts, files. A host is asked for at its site, which is said to be offline.
    private static readonly string[] SayNothingOfSites =
    [
        "plan list", "plan get", "group list", "group get", "group describe", "migration list", "migration get", "migration describe", "events", "sensor list",
        "audit list", "token revoked", "context list", "host describe",
    ];

    [Theory]
    [MemberData(nameof(Shown))]
    public async Task A_lost_site_does_not_look_empty(string line, string says)
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites", $"[{Site}]").On("GET /v1/sites/rennes", Site)
            .On("GET /v1/applications", $"[{Application}]").On("GET /v1/applications/cg", Application).On("GET /v1/applications/cg?predictions=true", Application)
            .On("GET /v1/vms", $"[{Vm}]").On("GET /v1/applications/cg/vms/vm1", Vm)
            .On("GET /v1/applications/cg/groups", Recorded.Groups).On("GET /v1/plans/cg.1.1", Plan).On("GET /v1/events?after=0&limit=100", "[]")
            .On("GET /v1/hosts", "[]");

        var run = await service.Run(line.Split(' '));

        run.Error.ShouldBeEmpty();
        run.Lines.ShouldContain(says);
        if (line.StartsWith("plan", StringComparison.Ordinal))
        {
            Array.IndexOf(run.Lines, says).ShouldBe(1, "it comes before all that follows from it");
        }
    }

    [Fact]
    public void Every_command_that_lists_or_describes_is_held_against_a_lost_site()
    {
        string[] verbs = ["list", "get", "describe", "top", "events", "revoked"];
        var shown = Shown.Select(row => string.Join(' ', row.Data.Item1.Split(' ').TakeWhile(word => !word.StartsWith('-') && word is not ("rennes" or "cg" or "cg/vm1" or "cg.1.1"))));

        CommandLines.All.Where(command => verbs.Contains(command.Words[^1]) && command.ToString() != "sensor top").Select(command => command.ToString())
            .ShouldBe(shown.Concat(SayNothingOfSites), ignoreOrder: true);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void A_plan_names_the_site_that_could_not_be_asked_whether_its_VMs_are_there_or_could_come(string lost)
    {
        var cheaper = Samples.Site("b", Samples.Std with { Price = PriceSchedule.Always(0.4m) });
        var view = Samples.View([Samples.Site("a", Samples.Std), cheaper], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a")) with { Offline = [new(lost)] };
        var plan = Planner.Plan(view, Solvers.Named(Solvers.Auto)!, new SolverOptions(), TestContext.Current.CancellationToken);

        PlanDocument.Of(plan).Unasked.ShouldBe([lost]);
        PlanDocument.Of(Planner.Plan(view with { Offline = [] }, Solvers.Named(Solvers.Auto)!, new SolverOptions(), TestContext.Current.CancellationToken))
            .Unasked.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_administrator_of_a_site_looks_at_the_top_without_asking_for_groups_that_are_not_his()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites", $"[{Recorded.Site}]").On("GET /v1/events?after=0&limit=100", "[]")
            .On("GET /v1/applications", $"[{Recorded.Application.Replace("\"revision\":1", "\"revision\":1,\"partial\":true", StringComparison.Ordinal)}]");

        var run = await service.Run("top", "--once");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Out.ShouldContain("rennes:1");
    }
}
