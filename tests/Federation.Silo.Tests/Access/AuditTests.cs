using System.Text.Json;
using Federation.Api;
using Federation.Domain.Audit;
using Federation.Domain.Json;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Access;

public sealed class AuditTests
{
    [Fact]
    public async Task Every_refusal_and_every_change_is_in_the_log_and_the_log_is_whole()
    {
        await using var service = await RunningService.Start("--Federation:Dashboard=true", "--Federation:Portal=true");
        await service.Apply(SampleFiles.Site("cheap", 0.1m));
        (await Outcomes(service)).ShouldBe(["Site.Apply by operator: Begun ", "Site.Apply by operator: Done "]);

        var expected = new List<string>();
        foreach (var (name, row) in RouteRow.Table)
        {
            using var nobody = await service.Send(null, row.Method, row.Path, row.Body);
            expected.Add($"{name} by nobody: Refused no token was sent");
            using var nothing = await service.Send(service.TokenOf("nothing"), row.Method, row.Path, row.Body);
            expected.Add($"{name} by nobody (federation): Refused {(row.IsClosed ? "nobody has said who may do this" : "this is for")}");
        }

        var said = (await Outcomes(service))[2..];
        said.Length.ShouldBe(expected.Count);
        said.Zip(expected).ShouldAllBe(pair => pair.First.StartsWith(pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_look_at_another_tenants_object_and_a_refusal_by_the_route_itself_are_in_the_log_and_no_token_is()
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 1)]);
        var token = service.TokenOf("other tenant");
        using var others = await service.Send(token, "GET", "/v1/applications/cg?tenant=astro");
        using var operators = await service.Send(service.Token, "GET", "/v1/sensors/self/vms");

        var entries = await Entries(service);
        entries[^2].Detail.ShouldBe("the application belongs to another tenant");
        entries[^2].Who.ShouldStartWith("eve (federation) from ", Case.Sensitive);
        entries[^1].Detail.ShouldStartWith("403 this is for sensors", Case.Sensitive);
        JsonSerializer.Serialize(entries, DomainJson.Options).ShouldNotContain(token.Split('.')[2]);
    }

    [Theory]
    [InlineData("/v1/applications/cg?access_token=")]
    [InlineData("/v1/plans?")]
    [InlineData("/v1/applications/")]
    public async Task A_token_that_comes_in_an_address_is_not_in_the_log(string address)
    {
        await using var service = await RunningService.Start();
        foreach (var token in (string[])[service.TokenOf("tenant"), service.Token])
        {
            using var refused = await service.Send(null, "GET", $"{address}{token}");
            var entry = (await Entries(service))[^1];
            entry.Outcome.ShouldBe(AuditOutcome.Refused);
            JsonSerializer.Serialize(entry, DomainJson.Options).ShouldNotContain(token.Split('.')[^1]);
        }
    }

    private static async Task<AuditDocument[]> Entries(RunningService service)
    {
        var entries = (await service.Read("/v1/audit")).Deserialize<AuditDocument[]>(DomainJson.Options)!;
        var verification = new AuditVerification();
        entries.ToList().ForEach(entry => verification.Add(entry.ToRecord()));
        verification.Fault.ShouldBeNull();
        return entries;
    }

    private static async Task<string[]> Outcomes(RunningService service) =>
        [.. (await Entries(service)).Select(entry => $"{entry.Action} by {entry.Who.Split(" (the")[0].Split(" from")[0]}: {entry.Outcome} {entry.Detail}")];
}
