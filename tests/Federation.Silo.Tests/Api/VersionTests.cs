using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

public sealed class VersionTests
{
    [Fact]
    public async Task A_description_has_an_ETag_that_grows_with_each_change_and_never_comes_again()
    {
        await using var service = await RunningService.Start();
        (await Put(service, vms: 1)).Tag.ShouldBe("\"1.1\"");
        (await Put(service, vms: 1)).Tag.ShouldBe("\"1.1\"");
        (await Put(service, vms: 2)).Tag.ShouldBe("\"1.2\"");
        (await Send(service, HttpMethod.Delete)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Put(service, vms: 2)).ShouldBe((HttpStatusCode.Created, "\"2.1\""));
    }

    [Fact]
    public async Task A_reader_who_has_the_description_in_force_is_told_that_it_has_not_changed()
    {
        await using var service = await RunningService.Start();
        await Put(service, vms: 1);
        (await Send(service, HttpMethod.Get, none: "\"1.1\"")).ShouldBe((HttpStatusCode.NotModified, "\"1.1\""));
        (await Send(service, HttpMethod.Get, none: "W/\"1.1\", \"9.9\"")).Status.ShouldBe(HttpStatusCode.NotModified);
        (await Send(service, HttpMethod.Get, none: "\"1.2\"")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_writer_who_read_another_version_changes_nothing()
    {
        await using var service = await RunningService.Start();
        await Put(service, vms: 1);
        await Put(service, vms: 2);
        (await Put(service, vms: 3, match: "\"1.1\"")).ShouldBe((HttpStatusCode.PreconditionFailed, "\"1.2\""));
        (await Put(service, vms: 3, match: "no tag")).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Put(service, vms: 3, match: "W/\"1.2\"")).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Send(service, HttpMethod.Delete, match: "\"1.1\"")).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Put(service, vms: 3, match: "\"7.7\", \"1.2\"")).ShouldBe((HttpStatusCode.OK, "\"1.3\""));
        (await Put(service, vms: 4, match: "*")).Tag.ShouldBe("\"1.4\"");
        (await Send(service, HttpMethod.Delete, match: "\"1.4\"")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task An_application_that_is_to_be_new_is_not_replaced_and_one_that_is_to_be_there_is_not_made()
    {
        await using var service = await RunningService.Start();
        (await Put(service, vms: 1, match: "*")).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Put(service, vms: 1, none: "*")).Status.ShouldBe(HttpStatusCode.Created);
        (await Put(service, vms: 1, none: "*")).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task A_site_is_replaced_only_in_the_revision_that_was_named()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Site("cheap", 0.1m), SampleFiles.Site("cheap", 0.2m));
        foreach (var (match, price, status) in ((string, decimal, HttpStatusCode)[])
        [
            ("\"1\"", 0.3m, HttpStatusCode.PreconditionFailed), ("W/\"2\"", 0.3m, HttpStatusCode.PreconditionFailed), ("no tag", 0.3m, HttpStatusCode.PreconditionFailed),
            ("\"2\"", 0.3m, HttpStatusCode.OK), ("\"2\"", 0.4m, HttpStatusCode.PreconditionFailed), ("\"2\"", 0.3m, HttpStatusCode.OK),
        ])
        {
            var (path, text) = SampleFiles.Site("cheap", price);
            (await Send(service, HttpMethod.Put, text, match, path: path)).Status.ShouldBe(status, $"{match} {price}");
        }
    }

    private static Task<(HttpStatusCode Status, string? Tag)> Put(RunningService service, int vms, string? match = null, string? none = null) =>
        Send(service, HttpMethod.Put, SampleFiles.Application(vms: vms).Text, match, none);

    private static async Task<(HttpStatusCode Status, string? Tag)> Send(
        RunningService service, HttpMethod method, string? body = null, string? match = null, string? none = null, string path = "/v1/applications/cg")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/yaml"));
        if (match is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", match);
        }

        if (none is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", none);
        }

        using var response = await service.Http.SendAsync(request);
        return (response.StatusCode, response.Headers.ETag?.ToString());
    }
}
