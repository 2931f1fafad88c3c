using System.Net;
using System.Net.Http.Headers;
using Federation.Silo.Http;
using Federation.Silo.Tests.Making;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

public sealed class SlowBodyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Ten_bodies_of_one_sensor_that_do_not_end_stop_no_other_and_are_taken_when_they_do()
    {
        await using var service = await RunningService.Start("--Federation:BatchesAtOnce=2", "--Federation:SensorBodiesAtOnce=2");
        await service.Apply(SampleFiles.Application());
        using var slow = Sensor(service, "host-1");
        using var other = Sensor(service, "host-2");
        var end = new TaskCompletionSource();
        var bodies = Enumerable.Range(0, 10).Select(number => new SlowBody(Body("host-1"), end.Task)).ToList();
        var posts = bodies.Select(body => slow.PostAsync(new Uri("/v1/windows", UriKind.Relative), body, Cancel)).ToList();
        await Task.WhenAll(bodies.Select(body => body.Begun)).WaitAsync(TestContext.Current.CancellationToken);

        // Two are being received, and hold memory; none has a place.
        var memory = service.Services.GetRequiredService<BodyReceiver>().Memory;
        while (memory.Held < 2 * (16 << 10))
        {
            await Task.Yield();
        }

        for (var i = 0; i < 5; i++)
        {
            (await Status(other.PostAsync(new Uri("/v1/windows", UriKind.Relative), Content(Body("host-2")), Cancel))).ShouldBe(HttpStatusCode.Forbidden);
        }

        memory.Held.ShouldBe(2 * (16 << 10));
        end.SetResult();
        // vm1 is on no host that the service knows: what counts is that all were read and answered, but for those beyond the queue.
        (await Task.WhenAll(posts.Select(Status))).CountBy(status => status).Order().ShouldBe(
            [new(HttpStatusCode.Forbidden, 10)]);
        memory.Held.ShouldBe(0);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_body_that_gets_no_turn_and_comes_slowly_hears_why()
    {
        await using var service = await RunningService.Start(
            new ServiceFolder(), null, builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MinRequestBodyDataRate = null),
            "--Federation:SensorBodiesAtOnce=1", "--Federation:LeastBodyBytesPerSecond=1");
        await service.Apply(SampleFiles.Application());
        using var slow = Sensor(service, "host-1");
        var end = new TaskCompletionSource();
        var bodies = Enumerable.Range(0, 8).Select(_ => new SlowBody(Body("host-1"), end.Task)).ToList();
        var posts = bodies.Select(body => slow.PostAsync(new Uri("/v1/windows", UriKind.Relative), body, Cancel)).ToList();
        await Task.WhenAll(bodies.Select(body => body.Begun)).WaitAsync(TestContext.Current.CancellationToken);

        // The server breaks connections whose body it does not want after 5 s of its own clock.
        await Task.Delay(TimeSpan.FromSeconds(7), TimeProvider.System, Cancel);
        end.SetResult();

        (await Task.WhenAll(posts.Select(Status))).CountBy(status => status).OrderBy(each => each.Key).ShouldBe(
            [new(HttpStatusCode.Forbidden, 5), new(HttpStatusCode.TooManyRequests, 3)]);
    }

    [Fact]
    public async Task What_a_sensor_sends_under_anothers_name_is_taken_from_its_own_budget()
    {
        await using var service = await RunningService.Start("--Federation:SensorBurstWindows=3", "--Federation:SensorWindowsPerSecond=0.1");
        await service.Apply(SampleFiles.Application());
        using var one = Sensor(service, "host-1");
        using var two = Sensor(service, "host-2");
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 5; i++)
        {
            answers.Add(await Status(one.PostAsync(new Uri("/v1/windows", UriKind.Relative), Content(Body("host-2")), Cancel)));
        }

        answers.ShouldBe([.. Enumerable.Repeat(HttpStatusCode.Forbidden, 3), .. Enumerable.Repeat(HttpStatusCode.TooManyRequests, 2)]);
        (await Status(two.PostAsync(new Uri("/v1/windows", UriKind.Relative), Content(Body("host-2")), Cancel))).ShouldBe(HttpStatusCode.Forbidden);
    }

    private static byte[] Body(string sensor) => (Batches.Of("cg", Batches.Posted("vm1", 1, 1)) with { Sensor = sensor }).Json();

    private static ByteArrayContent Content(byte[] body) => new(body) { Headers = { ContentType = new("application/json") } };

    private static HttpClient Sensor(RunningService service, string name)
    {
        var caller = Tokens.Holders["sensor"] with { Name = name, Sensor = new(name, new(new("cheap"), name)) };
        var client = new HttpClient { BaseAddress = service.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", service.TokenOf(caller));
        return client;
    }

    private static async Task<HttpStatusCode> Status(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return response.StatusCode;
    }

    /// <summary>A body whose first half is sent at once and the other one when it is told.</summary>
    private sealed class SlowBody : HttpContent
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly byte[] content;
        private readonly Task end;

        public SlowBody(byte[] content, Task end)
        {
            (this.content, this.end) = (content, end);
            Headers.ContentType = new("application/json");
        }

        public Task Begun => begun.Task;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(content.AsMemory(0, content.Length / 2), Cancel);
            await stream.FlushAsync(Cancel);
            begun.TrySetResult();
            await end;
            await stream.WriteAsync(content.AsMemory(content.Length / 2), Cancel);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Length;
            return true;
        }
    }
}
