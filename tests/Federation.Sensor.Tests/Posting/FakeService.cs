using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Federation.Domain.Traffic;
using Shouldly;

namespace Federation.Sensor.Tests.Posting;

/// <summary>A service in memory: plays its answers in turn, then takes all that comes. Keeps the requests.</summary>
public sealed class FakeService(params Func<CancellationToken, Task<HttpResponseMessage>>[] answers) : HttpMessageHandler
{
    public static readonly DateTimeOffset ServiceTime = new(2026, 11, 23, 17, 52, 3, TimeSpan.Zero);
    private readonly Queue<Func<CancellationToken, Task<HttpResponseMessage>>> turns = new(answers);

    public List<(Uri? Address, string? Credentials, string Body)> Requests { get; } = [];

    public IEnumerable<WindowBatch> Batches =>
        Requests.Select(request => JsonSerializer.Deserialize(request.Body, WindowBatchJson.Default.WindowBatch)!);

    /// <summary>The batches that it refuses with 400, whole, once its answers are played.</summary>
    public Func<WindowBatch, bool> Refuses { get; init; } = _ => false;

    /// <summary>The numbers of the reports that it has taken, once its answers were played.</summary>
    public List<long> Taken { get; } = [];

    public static Func<CancellationToken, Task<HttpResponseMessage>> Says(
        HttpStatusCode status, string body = "", TimeSpan? retryAfter = null) =>
        _ =>
        {
            var content = new StringContent(body, Encoding.UTF8, "application/json");
            var response = new HttpResponseMessage(status) { Content = content };
            response.Headers.RetryAfter = retryAfter is { } wait ? new(wait) : null;
            return Task.FromResult(response);
        };

    public static Task<HttpResponseMessage> IsAway(CancellationToken cancel) =>
        Task.FromException<HttpResponseMessage>(new HttpRequestException("Connection refused"));

    public static async Task<HttpResponseMessage> NeverAnswers(CancellationToken cancel)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
        throw new InvalidOperationException("never");
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = request.Content!;
        content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        using var unpacked = new StreamReader(new GZipStream(content.ReadAsStream(CancellationToken.None), CompressionMode.Decompress));
        var body = unpacked.ReadToEnd();
        Requests.Add((request.RequestUri, request.Headers.Authorization?.ToString(), body));
        return turns.TryDequeue(out var turn) ? await turn(cancellationToken) : TakesAll(body);
    }

    private HttpResponseMessage TakesAll(string body)
    {
        var batch = JsonSerializer.Deserialize(body, WindowBatchJson.Default.WindowBatch)!;
        if (Refuses(batch))
        {
            return new(HttpStatusCode.BadRequest) { Content = new StringContent("""{"detail":"spoilt"}""", Encoding.UTF8, "application/problem+json") };
        }

        Taken.AddRange(batch.Windows.Select(window => window.Sequence));
        var answer = new WindowBatchAnswer { Accepted = batch.Windows.Length, Duplicates = 0, Refused = [], Now = ServiceTime };
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = JsonContent.Create(answer, WindowBatchJson.Default.WindowBatchAnswer),
        };
    }
}
