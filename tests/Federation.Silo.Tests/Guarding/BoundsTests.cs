using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Federation.Domain;
using Federation.Silo.Tests.Making;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Metadata;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Guarding;

/// <summary>What exceeds a bound is refused with a 400 or a 413 that says the bound; nothing that anybody writes is a failure of the service.</summary>
public sealed partial class BoundsTests
{
    private static readonly string[] Values =
    [
        "NaN", "Infinity", "-Infinity", "-1", "0", "1e400", "-1e400", "1e-400", "2147483648", "9223372036854775807", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
        "weighted=NaN", "weighted=Infinity", "weighted=1e-300", "", "null", new('9', 400), new('x', 7000),
    ];

    private static readonly string[] JsonValues = ["NaN", "Infinity", "1e400", "-1e400", "-1", "0", "null", "[]", "{}", "\"NaN\"", "\"\"", "2147483648", $"\"{new string('x', 20_000)}\""];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_value_of_any_parameter_and_of_any_body_is_answered_as_a_failure_of_the_service()
    {
        await using var service = await Loaded();
        var api = await service.Read("/openapi/v1.json");
        var failures = new List<string>();
        var asked = 0;
        foreach (var (path, methods) in api.GetProperty("paths").EnumerateObject().Select(path => (path.Name, path.Value)))
        {
            foreach (var method in methods.EnumerateObject().Where(method => method.Name != "delete"))
            {
                var address = Parameter().Replace(path, part => part.Value == "{vm}" ? "vm1" : part.Value == "{site}" ? "cheap" : part.Value.StartsWith("{plan", StringComparison.Ordinal) ? "cg.1.1" : "cg");
                foreach (var (query, body) in Requests(api, method.Value))
                {
                    asked++;
                    using var response = await Send(service, method.Name, $"{address}{query}", body);
                    if ((int)response.StatusCode >= 500)
                    {
                        failures.Add($"{method.Name} {address}{(query.Length > 80 ? query[..80] : query)} {(body?.Length > 80 ? body[..80] : body)}: {(int)response.StatusCode}");
                    }
                }
            }
        }

        asked.ShouldBeGreaterThan(300);
        failures.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("groups?ratio=-1", "ratio -1 is not from 0 to 1")]
    [InlineData("groups?ratio=NaN", "ratio NaN is not from 0 to 1")]
    [InlineData("groups?floor=-1", "floor -1 is not from 0")]
    [InlineData("groups?floor=Infinity", "floor Infinity is not from 0")]
    [InlineData("groups?resolution=Infinity", "resolution Infinity is not more than 0 and at most 1000000")]
    [InlineData("groups?windows=2881", "windows 2881 is not from 1 to 2880")]
    [InlineData("traffic?wait=Infinity", "wait Infinity is not from 0 to 3600")]
    [InlineData("traffic?wait=NaN", "wait NaN is not from 0 to 3600")]
    [InlineData("traffic?as=weighted=1e300", "at most 1000000")]
    [InlineData("traffic?windows=20161", "from 1 to 20160")]
    public async Task A_query_beyond_its_bound_is_refused_with_the_bound(string query, string says)
    {
        await using var service = await Loaded();
        using var response = await service.Get($"/v1/applications/cg/{query}");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Detail(response)).ShouldContain(says);
    }

    [Fact]
    public async Task A_site_file_of_sixty_thousand_offers_is_refused_by_its_size_and_nothing_changes()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.TwoClouds);
        var (path, text) = SampleFiles.Site("cheap", 0.10m);
        var offers = string.Join('\n', Enumerable.Range(0, 60_000).Select(number => $"  - {{ name: o{number}, vcpus: 2, memory: 4GiB, price: 1 }}"));
        service.Http.DefaultRequestHeaders.ExpectContinue = true;
        foreach (var send in (Func<Task<HttpResponseMessage>>[])[
            () => service.Put(path, text.Replace("offers:", $"offers:\n{offers}", StringComparison.Ordinal)),
            () => service.Post($"{path}/diff", text.Replace("offers:", $"offers:\n{offers}", StringComparison.Ordinal))])
        {
            using var response = await send();
            response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
            (await Detail(response)).ShouldContain(Limits.Files.SiteBytes.ToString(CultureInfo.InvariantCulture));
        }

        (await service.Read("/v1/sites/cheap")).GetProperty("revision").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_caller_has_few_large_files_on_the_way_and_keeps_nobody_elses_out()
    {
        // The server would end bodies that come as slowly as the held ones, before or after the others are refused.
        await using var service = await RunningService.Start(
            new ServiceFolder(), null, builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MinRequestBodyDataRate = null));
        await service.Apply(SampleFiles.TwoClouds);
        var rest = new TaskCompletionSource();
        var (path, text) = SampleFiles.Application(vms: 1);
        var held = new List<Task<HttpResponseMessage>>();
        var large = $"{text}\n# {new string('x', Limits.Files.SmallBytes)}\n";
        HttpStatusCode status;
        do
        {
            // One that comes while another large file is on the way may be refused itself.
            held.Add(service.Http.PutAsync(new Uri(path, UriKind.Relative), new HeldContent(rest.Task), Cancel));
            using var response = await service.Put(path, large);
            status = response.StatusCode;
        }
        while (status != HttpStatusCode.TooManyRequests);

        using var small = await service.Put(path, text);
        small.IsSuccessStatusCode.ShouldBeTrue();
        using var others = await service.Send(service.TokenOf("tenant"), "PUT", path, large);
        others.StatusCode.ShouldBe(HttpStatusCode.OK);
        rest.SetResult();
        var answers = (await Task.WhenAll(held)).Select(response => response.StatusCode).ToList();
        answers.Count(answer => answer == HttpStatusCode.BadRequest).ShouldBe(Limits.Request.LargeFilesAtOnce);
        answers.Except([HttpStatusCode.BadRequest]).ShouldBeSubsetOf([HttpStatusCode.TooManyRequests]);
    }

    [Fact]
    public async Task Every_body_is_bounded_as_what_it_is()
    {
        await using var service = await RunningService.Start();
        foreach (var route in service.Routes.Where(route => route.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)))
        {
            var bound = route.Metadata.GetMetadata<IRequestSizeLimitMetadata>().ShouldNotBeNull(route.DisplayName);
            bound.MaxRequestBodySize.ShouldBe(
                route.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IEndpointNameMetadata>()!.EndpointName switch
                {
                    "PutSite" or "DiffSite" => Limits.Files.SiteBytes,
                    "PutApplication" or "DiffApplication" => Limits.Files.ApplicationBytes,
                    "PostWindows" or "ReportHost" or "ListSegmentsOfHost" or "ListRelaysOfHost" => 8L << 20,
                    _ => Limits.Request.JsonBytes,
                },
                route.DisplayName);
        }
    }

    [Fact]
    public async Task An_operators_own_bound_of_bodies_holds_where_it_is_less()
    {
        await using var service = await RunningService.Start("--Federation:MaxBodyBytes=2000");
        service.Http.DefaultRequestHeaders.ExpectContinue = true;
        using var response = await service.Put("/v1/sites/cheap", new string('#', 3000));
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await Detail(response)).ShouldContain("2000");
    }

    [Fact]
    public async Task A_token_that_is_too_long_is_told_the_bound()
    {
        await using var service = await RunningService.Start();
        using var response = await service.Send(new string('x', Limits.Text.Token + 1), "GET", "/v1/sites");
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Detail(response)).ShouldContain($"{Limits.Text.Token}");
    }

    private static async Task<RunningService> Loaded()
    {
        var service = await RunningService.Start("--Federation:Limits:RequestsPerSecond=100000", "--Federation:Limits:RequestBurst=100000");
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 2)]);
        return service;
    }

    // Each parameter and each property of the body with each value, the others left out, or right.
    private static IEnumerable<(string Query, string? Body)> Requests(JsonElement api, JsonElement method)
    {
        var properties = PropertiesOf(api, method);
        if (method.TryGetProperty("parameters", out var parameters))
        {
            foreach (var name in parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString()))
            {
                foreach (var value in Values)
                {
                    yield return ($"?{name}={Uri.EscapeDataString(value)}", properties is null ? null : "{}");
                }
            }
        }

        foreach (var property in properties ?? [])
        {
            foreach (var value in JsonValues)
            {
                yield return ("", $$"""{ "sensor": "s", "site": "cheap", "{{property}}": {{value}} }""");
            }
        }
    }

    private static string[]? PropertiesOf(JsonElement api, JsonElement method)
    {
        if (!method.TryGetProperty("requestBody", out var body) || !body.GetProperty("content").TryGetProperty("application/json", out var json))
        {
            return null;
        }

        var schema = json.GetProperty("schema");
        return schema.TryGetProperty("$ref", out var name)
            ? [.. api.GetProperty("components").GetProperty("schemas").GetProperty(name.GetString()!.Split('/')[^1]).GetProperty("properties").EnumerateObject().Select(property => property.Name)]
            : [];
    }

    private static async Task<HttpResponseMessage> Send(RunningService service, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", service.Token);
        return await service.Stranger.SendAsync(request, Cancel);
    }

    /// <summary>A large file whose end comes late.</summary>
    private sealed class HeldContent(Task rest) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("# "u8.ToArray(), Cancel);
            await stream.FlushAsync(Cancel);
            await rest;
            await stream.WriteAsync(new byte[Limits.Files.SmallBytes], Cancel);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Limits.Files.SmallBytes + 2;
            return true;
        }
    }

    private static async Task<string> Detail(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("detail").GetString()!;

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
