using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class LeavingTests
{
    private const string Place = """{"site":"rennes","offer":"std-4"}""";

    [Fact]
    public async Task A_site_is_deleted_and_what_is_left_that_names_it_is_said()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites", $"[{Recorded.Site}]").On("DELETE /v1/sites/rennes", """{"site":"rennes","linkedFrom":["aws","lyon"]}""");

        var run = await service.RunAnswering("y\n", "site", "delete", "rennes");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Error.ShouldContain("Site rennes leaves the federation. It is the last one: the federation's currency is free again. Delete it? [y/N]");
        run.Lines.ShouldBe(
        [
            "site rennes deleted",
            "aws, lyon still say that they have a link to rennes: it counts for nothing while there is no such site. 'fedctl site apply' without it takes it out",
        ]);
    }

    [Fact]
    public async Task A_no_leaves_the_site_and_so_does_a_refusal_of_the_service()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites", $"[{Recorded.Site}]").On(
            "DELETE /v1/sites/rennes", new RecordedService.Answer(409, """{"title":"Conflict","detail":"site rennes has VMs and cannot be deleted: astro/cg/vm1"}"""));

        (await service.RunAnswering("n\n", "site", "delete", "rennes")).ExitCode.ShouldBe(ExitCode.Error);
        service.Requests.ShouldAllBe(request => request.Line == "GET /v1/sites");
        var refused = await service.Run("site", "delete", "rennes", "--yes");
        refused.ExitCode.ShouldBe(ExitCode.Error);
        refused.Error.ShouldContain("site rennes has VMs and cannot be deleted: astro/cg/vm1");
    }

    [Theory]
    [InlineData("cg/vm1", "cg", true)]
    [InlineData("astro/cg/vm1", "astro%2Fcg", true)]
    [InlineData("cg/vm1", "cg", false)]
    public async Task A_VM_is_taken_out_after_a_question_that_says_where_it_stops(string name, string application, bool runs)
    {
        await using var service = await RecordedService.Start();
        var vm = runs ? Recorded.Vm : Recorded.Vm.Replace(Place, "null", StringComparison.Ordinal);
        var path = $"/v1/applications/{Uri.UnescapeDataString(application).Replace("/", "%2F", StringComparison.Ordinal)}/vms/vm1";
        service.On($"GET {path}", vm).On($"DELETE {path}", """{"application":"cg","vm":"vm1","version":"2.2","rules":["together (vm1, vm2) is dropped"]}""");

        var run = await service.RunAnswering("yes\n", "vm", "delete", name);

        run.Error.ShouldStartWith($"VM cg/vm1 is taken out of its application{(runs ? ", and stops (at rennes)." : "; it runs nowhere.")} Delete it? [y/N]");
        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Lines.ShouldBe(["VM cg/vm1 deleted, application version 2.2", "  together (vm1, vm2) is dropped"]);
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_a_running_VM_is_not_stopped()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/applications/cg/vms/vm1", Recorded.Vm);
        var run = await service.Run("vm", "delete", "cg/vm1");
        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain("--yes");
        service.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_deletion_that_is_under_way_says_so()
    {
        await using var service = await RecordedService.Start();
        service.On("DELETE /v1/applications/cg/vms/vm1", new RecordedService.Answer(202, """{"application":"cg","text":"it goes on by itself"}"""));
        var run = await service.Run("vm", "delete", "cg/vm1", "--yes");
        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Error.ShouldBe("under way: it goes on by itself\n");
    }

    [Theory]
    [InlineData("vm host cg/vm1", null, """{"application":"cg","vm":"vm1","site":"rennes","host":null}""", "cg/vm1 runs at rennes, its host is not known")]
    [InlineData("vm host cg/vm1 h7", """{"host":"h7"}""", """{"application":"cg","vm":"vm1","site":"rennes","host":"h7"}""", "cg/vm1 runs at rennes on h7")]
    [InlineData("vm host cg/vm1 --clear", """{"host":null}""", """{"application":"cg","vm":"vm1","site":"rennes","host":null}""", "cg/vm1 runs at rennes, its host is not known")]
    [InlineData("vm host cg/vm1", null, """{"application":"cg","vm":"vm1","site":null,"host":null}""", "cg/vm1 runs nowhere")]
    public async Task The_host_of_a_VM_is_shown_and_said(string command, string? said, string answer, string shown)
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/applications/cg/vms/vm1/host", answer).On("PUT /v1/applications/cg/vms/vm1/host", new RecordedService.Answer(204, ""));

        var run = await service.Run(command.Split(' '));

        run.Error.ShouldBeEmpty();
        run.Lines.ShouldBe([shown]);
        service.Requests.Where(request => request.Line.StartsWith("PUT", StringComparison.Ordinal)).Select(request => request.Body).ShouldBe(said is null ? [] : [said]);
    }

    [Fact]
    public async Task A_host_is_said_or_cleared_and_not_both()
    {
        await using var service = await RecordedService.Start();
        var run = await service.Run("vm", "host", "cg/vm1", "h7", "--clear");
        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain("either HOST or --clear");
        service.Requests.ShouldBeEmpty();
    }
}
