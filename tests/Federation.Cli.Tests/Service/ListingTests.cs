using System.Text.Json;
using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class ListingTests
{
    [Theory]
    [InlineData("site list", "GET /v1/sites", $"[{Recorded.Site}]", "rennes  grid  eu-west       1   unknown    1  cg                   3  online")]
    [InlineData("site get rennes", "GET /v1/sites/rennes", Recorded.Site, "rennes  grid  eu-west       1   unknown    1  cg                   3  online")]
    [InlineData("site describe rennes", "GET /v1/sites/rennes", Recorded.Site, "cg           vm1  std-4  occupied  2026-11-23T17:00:00Z  cg.1.1       released")]
    [InlineData("site describe rennes", "GET /v1/sites/rennes", Recorded.SiteOfAdministrator, "vCPUs    32       8    24                   16         33.3 %")]
    [InlineData("site describe rennes", "GET /v1/sites/rennes", Recorded.SiteOfAdministrator, "h1    ready    2     8 of 16  16 GiB of 32 GiB  0 GiB of 0 GiB")]
    [InlineData("site describe rennes", "GET /v1/sites/rennes", Recorded.SiteOfAdministrator, "std-4             5                               6")]
    [InlineData("site describe rennes", "GET /v1/sites/rennes", Recorded.SiteOfAdministrator,
        "2 hosts at rest take 180 W, 1 of them without a VM 90 W; vCPUs in use take 64 W; together 244 W")]
    [InlineData("site describe rennes", "GET /v1/sites/rennes", Recorded.SiteOfAdministrator, "Fairness: 0.962 (1: all have the same share; 0.5: one has all)")]
    [InlineData("site advise rennes", "GET /v1/sites/rennes/advice", Recorded.Advice, "Site rennes: 3 hosts in use, 2 would do; at least 1 must stay in use while VMs stay at the site")]
    [InlineData("site advise rennes", "GET /v1/sites/rennes/advice", Recorded.Advice, "Empty afterwards: h1. Switched off they save 90 W.")]
    [InlineData("site advise rennes", "GET /v1/sites/rennes/advice", Recorded.Advice, "cg           vm1  h1    h2           live  4.3 GB     3.5 s    110 ms")]
    [InlineData("site advise rennes", "GET /v1/sites/rennes/advice", Recorded.Advice, "cg           vm2  h1    site aws/m5  cold  4.3 GB      60 s      60 s")]
    [InlineData("site advise rennes --within", "GET /v1/sites/rennes/advice?within=true", Recorded.Advice, "h3    ft/vm1  quiet hours")]
    [InlineData("site advise rennes --propose", "POST /v1/sites/rennes/advice", Recorded.Advice, "  - cg.1.7")]
    [InlineData("app list", "GET /v1/applications", $"[{Recorded.Application}]", "cg           astro   cost       2h           2       1  rennes:1      2.1")]
    [InlineData("app get cg", "GET /v1/applications/cg", Recorded.Application, "cg           astro   cost       2h           2       1  rennes:1      2.1")]
    [InlineData("app describe cg", "GET /v1/applications/cg?predictions=true", Recorded.Application, "tenant: astro")]
    [InlineData("vm list", "GET /v1/vms", $"[{Recorded.Vm}]", "cg           vm1  10.42.0.1  rennes/std-4      2  2026-11-23T17:59:30Z")]
    [InlineData("vm list --app cg", "GET /v1/vms?application=cg", "[]", "APPLICATION  VM  ADDRESSES  AT  EPOCH  LAST WINDOW")]
    [InlineData("vm get cg/vm1", "GET /v1/applications/cg/vms/vm1", Recorded.Vm, "cg           vm1  10.42.0.1  rennes/std-4      2  2026-11-23T17:59:30Z")]
    [InlineData("vm describe cg/vm1", "GET /v1/applications/cg/vms/vm1", Recorded.Vm, "  at           rennes/std-4")]
    [InlineData("group list cg", "GET /v1/applications/cg/groups", Recorded.Groups, "g1     vm1,vm2  2026-11-23T17:40:00Z")]
    [InlineData("group list cg", "GET /v1/applications/cg/groups", Recorded.Groups, "Found by greedy: 2 VMs talk")]
    [InlineData("group describe cg", "GET /v1/applications/cg/groups", Recorded.Groups, "Found over bytes: egress costs most")]
    [InlineData("group list cg --windows 4 --metric bytes --ratio 0.6 --floor 10",
        "GET /v1/applications/cg/groups?windows=4&metric=bytes&ratio=0.6&floor=10", Recorded.Groups, "g1     vm1,vm2  2026-11-23T17:40:00Z")]
    [InlineData("group get cg/g1", "GET /v1/applications/cg/groups", Recorded.Groups, "  members  vm1, vm2")]
    [InlineData("group describe cg", "GET /v1/applications/cg/groups", Recorded.Groups, "formed  2026-11-23T17:40:00Z  2026-11-23T17:41:00Z  g1 formed")]
    [InlineData("traffic cg", "GET /v1/applications/cg/traffic?windows=10&as=mean", Recorded.Traffic, "vm1     vm2             10.5  2.5 kB")]
    [InlineData("-o table traffic cg", "GET /v1/applications/cg/traffic?windows=10&as=mean", Recorded.Traffic, "vm1     vm2             10.5  2.5 kB")]
    [InlineData("traffic cg --period 1m --wait 10s --approximate --as weighted=2",
        "GET /v1/applications/cg/traffic?windows=2&wait=10&approximate=true&as=weighted%3D2", Recorded.Traffic,
        "  - 2026-11-23T17:59:00Z nothing was reported for vm2")]
    [InlineData("network cg", "GET /v1/applications/cg/network", Recorded.Network, "vm1    0  52:54:00:00:00:01  10.42.0.1  rennes/h1  goes to aws/h1")]
    [InlineData("network cg", "GET /v1/applications/cg/network", Recorded.Network, "vm2    0  52:54:00:00:00:02  10.42.0.2  aws/h1     sent on by rennes/h1")]
    [InlineData("network cg", "GET /v1/applications/cg/network", Recorded.Network, "rennes/h2  192.0.2.2    3   11  2026-11-23T17:59:30Z")]
    [InlineData("network cg", "GET /v1/applications/cg/network", """{"application":"cg","number":null,"mtu":0,"subnet":null,"revision":0,"interfaces":[],"hosts":[],"leaving":[]}""",
        "cg has no network: none of its VMs is at a host of the overlay. Its VMs are on the bridges of their hosts")]
    [InlineData("migration list --app cg", "GET /v1/migrations?application=cg", $"[{Recorded.Migration}]",
        "cg.1.1.1   cg/vm1  aws/m5  rennes/std-4  live  rolledBack  2026-11-23T18:00:00Z  2026-11-23T18:00:20Z  the target host went away")]
    [InlineData("migration describe cg.1.1.1", "GET /v1/migrations/cg.1.1.1", Recorded.Migration, "  reason     the target host went away")]
    public async Task A_table_shows_what_the_service_said(string line, string request, string answer, string row)
    {
        await using var service = await RecordedService.Start();
        service.On(request, answer);

        var run = await service.Run(line.Split(' '));

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Lines.ShouldContain(row);
        service.Requests.Single().Line.ShouldBe(request);
    }

    [Theory]
    [InlineData("app list", "applications", Recorded.Application)]
    [InlineData("vm list", "vms", Recorded.Vm)]
    [InlineData("migration list", "migrations", Recorded.Migration)]
    public async Task A_list_is_shown_whole_however_many_pages_it_has(string line, string path, string item)
    {
        await using var service = await RecordedService.Start();
        service.On($"GET /v1/{path}", new RecordedService.Answer(200, $"[{item}]", Link: $"</v1/{path}?after=astro%2Fcg.1>; rel=\"next\""))
            .On($"GET /v1/{path}?after=astro%2Fcg.1", new RecordedService.Answer(200, $"[{item}]", Link: $"</v1/{path}?after=astro%2Fdh.1>; rel=\"next\""))
            .On($"GET /v1/{path}?after=astro%2Fdh.1", $"[{item}]");

        var run = await service.Run([.. line.Split(' '), "-o", "json"]);

        run.Error.ShouldBeEmpty();
        run.Json.GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task A_page_of_plans_says_how_the_next_one_is_had()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/plans?limit=1", new RecordedService.Answer(200, $"[{Recorded.Plan()}]", Link: "</v1/plans?limit=1&before=astro%2Fcg.1.1>; rel=\"next\""))
            .On("GET /v1/plans?before=astro%2Fcg.1.1&limit=1", "[]");

        var first = await service.Run("plan", "list", "--limit", "1");
        var second = await service.Run("plan", "list", "--limit", "1", "--before", "astro/cg.1.1");

        first.Error.ShouldContain("there are more: add --before astro/cg.1.1");
        second.ExitCode.ShouldBe(ExitCode.Done);
        second.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("site list", "GET /v1/sites", $"[{Recorded.Site}]")]
    [InlineData("app get cg", "GET /v1/applications/cg", Recorded.Application)]
    [InlineData("traffic cg", "GET /v1/applications/cg/traffic?windows=10&as=mean", Recorded.Traffic)]
    [InlineData("group describe cg", "GET /v1/applications/cg/groups", Recorded.Groups)]
    public async Task JSON_is_the_document_of_the_service(string line, string request, string answer)
    {
        await using var service = await RecordedService.Start();
        service.On(request, answer);

        var run = await service.Run([.. line.Split(' '), "-o", "json"]);

        JsonElement.DeepEquals(run.Json, JsonSerializer.Deserialize<JsonElement>(answer)).ShouldBeTrue();
    }

    [Fact]
    public async Task YAML_is_the_document_of_the_service()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/applications/cg/vms/vm1", Recorded.Vm);

        var run = await service.Run("vm", "get", "cg/vm1", "-o", "yaml");

        run.Out.ShouldBe("""
            application: cg
            vm: vm1
            addresses:
            - "10.42.0.1"
            at:
              site: rennes
              offer: std-4
            epoch: 2
            lastWindow: "2026-11-23T17:59:30Z"

            """);
    }

    [Fact]
    public async Task A_group_that_is_not_there_brings_up_those_that_are()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/applications/cg/groups", Recorded.Groups);

        var run = await service.Run("group", "get", "cg/g9");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain("cg has no group 'g9' now; it has g1");
    }

    [Theory]
    [InlineData("traffic cg --period 40s", "is not a whole number of 30 s windows")]
    [InlineData("traffic cg --as average", "is not one of detailed, mean, weighted=NUMBER")]
    [InlineData("vm get vm1", "does not name the application; write APP/VM")]
    [InlineData("group list cg --windows 0", "is not a whole number of at least 1")]
    public async Task What_cannot_be_asked_is_not_sent(string line, string reason)
    {
        await using var service = await RecordedService.Start();

        var run = await service.Run(line.Split(' '));

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain(reason);
        service.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_are_escaped_on_their_way()
    {
        await using var service = await RecordedService.Start();

        await service.Run("site", "get", "../windows?x=1");

        service.Requests.Single().Line.ShouldBe("GET /v1/sites/..%2Fwindows%3Fx=1");
    }
}
