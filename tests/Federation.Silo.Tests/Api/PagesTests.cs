using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Identity;
using Federation.Grains.Access;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

/// <summary>Lists, page by page, as everybody sees them.</summary>
public sealed partial class PagesTests
{
    private const int Plans = 3;

    [Fact]
    public async Task The_pages_of_a_list_together_are_what_their_reader_sees_and_nothing_else()
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, OfAstro("a"), OfAstro("b"), OfAstro("c"), OfBio("d")]);
        foreach (var application in (string[])["a", "b", "d"])
        {
            for (var number = 1; number <= Plans; number++)
            {
                await service.Plan(application);
            }
        }

        await service.Carry("a.1.3");
        (string, string)[] readers = [("tenant", "abc"), ("other tenant", "d"), ("auditor", "abcd"), ("federation-admin", "abcd")];
        foreach (var (reader, applications) in readers)
        {
            (await All(service, reader, "applications?limit=1", "application")).ShouldBe(applications.Select(name => $"{name}"), ignoreOrder: false, reader);
            (await All(service, reader, "vms?limit=2", "application")).ShouldBe(applications.Select(name => $"{name}"), ignoreOrder: false, reader);
        }

        foreach (var (reader, applications) in readers.Append(("site-admin", "abd")).Append(("other site-admin", "")))
        {
            var seen = applications.Where(name => name != 'c').SelectMany(name => Enumerable.Range(1, Plans).Select(number => $"{name}.1.{number}")).ToList();
            foreach (var limit in (int[])[1, 2, 100])
            {
                (await All(service, reader, $"plans?limit={limit}", "id")).Order(StringComparer.Ordinal).ShouldBe(seen, ignoreOrder: false, $"{reader}, {limit} at once");
            }

            (await All(service, reader, "migrations?limit=1", "plan")).ShouldAllBe(plan => plan == "a.1.3");
        }

        (await All(service, "tenant", "plans?application=b&limit=2", "id")).ShouldBe(["b.1.2", "b.1.3", "b.1.1"]);
    }

    [Fact]
    public async Task A_grain_shows_a_site_administrator_no_plan_that_does_not_touch_his_site()
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, OfAstro("a")]);
        await service.Plan("a");
        var plan = service.Services.GetRequiredService<IGrainFactory>().Plan(PlanId.Parse("astro/a.1.1"));

        CallOrigin.Current = new(Tokens.Holders["site-admin"], "test");
        (await plan.Get()).ShouldNotBeNull();
        CallOrigin.Current = new(Tokens.Holders["other site-admin"], "test");
        (await plan.Get()).ShouldBeNull();
        (await Should.ThrowAsync<AccessDeniedException>(() => plan.WantApproval(new("cheap")))).Message.ShouldContain("only an administrator of cheap");
    }

    [Theory]
    [InlineData("plans?limit=0", "limit 0")]
    [InlineData("plans?before=7", "before '7'")]
    [InlineData("plans?before=a.1.1", "before 'a.1.1'")]
    [InlineData("migrations?limit=101", "limit 101")]
    [InlineData("applications?after=a", "after 'a'")]
    [InlineData("applications?limit=1000", "limit 1000")]
    [InlineData("vms?after=", "after ''")]
    public async Task A_page_that_cannot_be_is_refused_by_name(string path, string named)
    {
        await using var service = await RunningService.Start();
        using var answer = await service.Get($"/v1/{path}");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(named);
    }

    private static (string Path, string Text) OfAstro(string name) => SampleFiles.Application(name, vms: 1);

    private static (string Path, string Text) OfBio(string name)
    {
        var (path, text) = SampleFiles.Application(name, vms: 1);
        return (path, text.Replace("tenant: astro", "tenant: bio", StringComparison.Ordinal));
    }

    private static async Task<List<string>> All(RunningService service, string reader, string first, string field)
    {
        var found = new List<string>();
        for (var next = $"/v1/{first}"; next is not null;)
        {
            using var page = await service.Send(service.TokenOf(reader), "GET", next);
            var body = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            page.StatusCode.ShouldBe(HttpStatusCode.OK, body);
            found.AddRange(JsonSerializer.Deserialize<JsonElement>(body).EnumerateArray().Select(item => item.GetProperty(field).GetString()!));
            next = page.Headers.TryGetValues("Link", out var links) ? Next().Match(links.Single()).Groups["path"].Value : null;
            found.Count.ShouldBeLessThan(100, "the pages go on for ever");
        }

        return found;
    }

    [GeneratedRegex("<(?<path>[^>]*)>; rel=\"next\"")]
    private static partial Regex Next();
}
