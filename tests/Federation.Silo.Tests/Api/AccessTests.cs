using System.Net;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

public sealed class AccessTests
{
    [Fact]
    public async Task No_route_answers_without_the_token()
    {
        await using var service = await RunningService.Start();
        var routes = (await service.Read("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(verb => (Verb: verb.Name, Path: path.Name))).ToList();
        routes.Count.ShouldBeGreaterThan(15);
        foreach (var (verb, path) in routes)
        {
            using var request = new HttpRequestMessage(new HttpMethod(verb.ToUpperInvariant()), path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));
            using var response = await service.Stranger.SendAsync(request, TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{verb} {path}");
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }
    }

    [Theory]
    [InlineData("Bearer wrong-wrong-wrong-wrong")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer")]
    public async Task A_wrong_token_is_no_token(string header)
    {
        await using var service = await RunningService.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/sites");
        request.Headers.TryAddWithoutValidation("Authorization", header);
        using var response = await service.Stranger.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    public async Task Health_and_the_description_need_no_token(string path)
    {
        await using var service = await RunningService.Start();
        using var response = await service.Stranger.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_token_is_made_once_and_only_its_owner_can_read_it()
    {
        var folder = new ServiceFolder { IsKept = true };
        string first;
        await using (var service = await RunningService.Start(folder))
        {
            first = service.Token;
        }

        File.GetUnixFileMode(Path.Combine(folder.Path, "token")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        folder.IsKept = false;
        await using var again = await RunningService.Start(folder);
        again.Token.ShouldBe(first);
    }
}
