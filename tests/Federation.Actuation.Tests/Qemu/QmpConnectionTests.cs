using System.Net.Sockets;
using System.Text.Json.Nodes;
using Federation.Actuation.Qemu;
using Shouldly;
using Xunit;

namespace Federation.Actuation.Tests.Qemu;

public sealed class QmpConnectionTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fqmp");
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public QmpConnectionTests()
    {
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(folder.FullName, "qmp");

    [Fact]
    public async Task Answers_reach_who_asked_events_all_and_a_no_is_an_exception_with_its_reason()
    {
        var events = new List<string>();
        var serving = Serve(request => (string?)request["execute"] switch
        {
            "good" => [new() { ["event"] = "STOP" }, new() { ["return"] = new JsonObject { ["n"] = request["arguments"]!["n"]!.DeepClone() }, ["id"] = request["id"]!.DeepClone() }],
            "bad" => [new() { ["error"] = new JsonObject { ["class"] = "GenericError", ["desc"] = "no such thing" }, ["id"] = request["id"]!.DeepClone() }],
            _ => [new() { ["return"] = new JsonObject(), ["id"] = request["id"]!.DeepClone() }],
        });
        await using (var monitor = await Open(TimeSpan.FromSeconds(10), happened => events.Add((string)happened["event"]!)))
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => monitor.Do("good", new() { ["n"] = n }, Cancel)));
            answers.Select(answer => (int)answer["n"]!).ShouldBe(Enumerable.Range(0, 50));
            events.Count.ShouldBe(50);
            (await Should.ThrowAsync<QmpException.Refused>(() => monitor.Do("bad", Cancel))).Message.ShouldContain("no such thing");
        }

        await serving;
    }

    [Fact]
    public async Task A_command_that_is_not_answered_in_time_is_silent_and_the_next_one_is_answered()
    {
        var serving = Serve(request => (string?)request["execute"] == "hang" ? [] : [new() { ["return"] = new JsonObject(), ["id"] = request["id"]!.DeepClone() }]);
        await using (var monitor = await Open(TimeSpan.FromSeconds(1), _ => { }))
        {
            await Should.ThrowAsync<QmpException.Silent>(() => monitor.Do("hang", Cancel));
            await monitor.Do("go", Cancel);
        }

        await serving;
    }

    [Fact]
    public async Task A_monitor_that_another_client_has_is_silent_and_one_that_is_gone_is_closed()
    {
        await Should.ThrowAsync<QmpException.Silent>(() => Open(TimeSpan.FromMilliseconds(200), _ => { }));
        listener.Dispose();
        await Should.ThrowAsync<QmpException.Closed>(() => Open(TimeSpan.FromSeconds(10), _ => { }));
    }

    [Fact]
    public async Task Whoever_waits_is_told_when_the_connection_breaks()
    {
        var serving = Serve(request => (string?)request["execute"] == "die" ? null : [new() { ["return"] = new JsonObject(), ["id"] = request["id"]!.DeepClone() }]);
        await using var monitor = await Open(TimeSpan.FromSeconds(10), _ => { });
        await Should.ThrowAsync<QmpException.Closed>(() => monitor.Do("die", Cancel));
        await Should.ThrowAsync<QmpException.Closed>(() => monitor.Do("go", Cancel));
        await monitor.Closed;
        await serving;
    }

    public void Dispose()
    {
        listener.Dispose();
        folder.Delete(recursive: true);
    }

    private Task<QmpConnection> Open(TimeSpan patience, Action<JsonObject> onEvent) => QmpConnection.Open(Path, outOfBand: false, patience, TimeProvider.System, onEvent, Cancel);

    private async Task Serve(Func<JsonNode, JsonObject[]?> answer)
    {
        using var client = await listener.AcceptAsync(Cancel);
        await using var stream = new NetworkStream(client);
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { AutoFlush = true };
        await writer.WriteLineAsync("""{"QMP": {"version": {}, "capabilities": ["oob"]}}""");
        while (await reader.ReadLineAsync(Cancel) is { } line && answer(JsonNode.Parse(line)!) is { } messages)
        {
            foreach (var message in messages)
            {
                await writer.WriteLineAsync(message.ToJsonString());
            }
        }
    }
}
