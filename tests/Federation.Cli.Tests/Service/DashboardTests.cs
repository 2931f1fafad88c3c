using System.Net;
using Federation.Cli.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class DashboardTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_browser_that_has_the_address_sees_the_dashboard_and_its_token_stays_here()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /dashboard/version", "{}").On("GET /dashboard/", "<html>").On("GET /dashboard/SiloStats/s?x=1", """{"a":1}""");
        await using var door = new Door(service.Address);
        var address = await door.Address();

        using var browser = new HttpClient();
        (await browser.GetStringAsync(address, Cancel)).ShouldBe("<html>");
        (await browser.GetStringAsync(new Uri(address, "SiloStats/s?x=1"), Cancel)).ShouldBe("""{"a":1}""");

        address.Host.ShouldBe("127.0.0.1");
        address.ToString().ShouldNotContain("s3cret");
        service.Requests.ShouldAllBe(request => request.Authorization == "Bearer s3cret");
        (await door.Ended()).ExitCode.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task Nobody_else_gets_in_nothing_else_is_shown_and_nothing_is_changed()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /dashboard/version", "{}").On("GET /dashboard/", "<html>").On("POST /dashboard/", "done").On("GET /v1/sites", "[]");
        await using var door = new Door(service.Address);
        var address = await door.Address();
        var secret = address.Segments[1];
        using var browser = new HttpClient();

        foreach (var path in (string[])[
            "/", "/dashboard/", $"/{new string('0', secret.Length - 1)}/dashboard/", $"/{secret}", $"/{secret}v1/sites", $"/{secret}dashboard/%2e%2e/v1/sites"])
        {
            using var response = await browser.GetAsync(new Uri($"{address.GetLeftPart(UriPartial.Authority)}{path}"), Cancel);
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }

        using var post = await browser.PostAsync(address, null, Cancel);
        post.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        service.Requests.Select(request => request.Line).Distinct().ShouldBe(["GET /dashboard/version"]);
    }

    [Theory]
    [InlineData(404, "its setting Federation:Dashboard has to be true")]
    [InlineData(403, "it does not allow this")]
    public async Task What_stands_in_the_way_is_said_before_a_browser_is_opened(int status, string said)
    {
        await using var service = await RecordedService.Start();
        service.On("GET /dashboard/version", new RecordedService.Answer(status, """{"title":"no","detail":"no"}"""));

        var run = await service.Run("dashboard");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain(said);
    }

    /// <summary>The command while it runs.</summary>
    private sealed class Door : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly AddressWriter output = new();
        private readonly Task<CommandRun> run;

        public Door(string server) => run = CommandRun.Until(
            new() { ["FEDCTL_SERVER"] = server, ["FEDCTL_TOKEN"] = "s3cret" }, ["dashboard", "--port", $"{FreePort.Take()}"], output, stop.Token);

        public async Task<Uri> Address() => await Task.WhenAny(output.Address, run) == run
            ? throw new ShouldAssertException((await run).Error)
            : await output.Address;

        public async Task<CommandRun> Ended()
        {
            await stop.CancelAsync();
            return await run;
        }

        public async ValueTask DisposeAsync()
        {
            await Ended();
            stop.Dispose();
            await output.DisposeAsync();
        }
    }

    private sealed class AddressWriter : StringWriter
    {
        private readonly TaskCompletionSource<Uri> address = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Uri> Address => address.Task;

        public override void WriteLine(string? value) => address.TrySetResult(new Uri(value!));
    }
}
