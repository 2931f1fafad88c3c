using System.ComponentModel.DataAnnotations;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Polly;

namespace Federation.Sensor.Posting;

/// <summary>Posts closed windows to a service, in batches, one after another, again where the service is away or busy.</summary>
/// <remarks>To post a report twice is safe: the service knows it by its origin and by its window.</remarks>
public sealed class WindowPoster
{
    private readonly HttpClient http;
    private readonly int batchSize;
    private readonly ServiceAddresses addresses;
    private readonly AuthenticationHeaderValue credentials;
    private readonly ResiliencePipeline<HttpResponseMessage> pipeline;

    /// <summary>Prepares to post.</summary>
    /// <param name="http">Sends; stays the caller's. Its own timeout should be longer than that of the options.</param>
    /// <param name="options">Where to and how patiently.</param>
    /// <param name="time">Times the waits.</param>
    /// <param name="retrying">Hears of every repetition before its wait.</param>
    /// <exception cref="ValidationException">An option is out of its range.</exception>
    /// <exception cref="FormatException">The token has a line break in it.</exception>
    public WindowPoster(HttpClient http, WindowPosterOptions options, TimeProvider time, Action<PostRetry>? retrying = null)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        this.http = http;
        batchSize = options.BatchSize;
        credentials = new AuthenticationHeaderValue("Bearer", options.Token);
        addresses = options.Server;
        pipeline = PostPipeline.Build(options, time, retrying);
    }

    /// <summary>Posts reports in their order, batch by batch; stops at the first batch that fails.</summary>
    /// <param name="application">Whose VMs they are.</param>
    /// <param name="reports">All of one sensor and boot; read batch by batch.</param>
    /// <param name="cancel">Stops between attempts and in the midst of one.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public async Task<PostResult> Post(
        AppId application, IEnumerable<NumberedReport> reports, CancellationToken cancel = default)
    {
        var result = PostResult.None;
        foreach (var batch in reports.Chunk(batchSize))
        {
            var (answer, failure) = await PostBatch(WindowBatch.Of(application, batch), cancel);
            if (answer is null)
            {
                return result with { Failure = failure };
            }

            result = result.With(batch.Length, answer);
        }

        return result;
    }

    private async Task<(WindowBatchAnswer? Answer, PostFailure? Failure)> PostBatch(WindowBatch batch, CancellationToken cancel)
    {
        try
        {
            var packed = Pack(batch);
            using var response = await pipeline.ExecuteAsync(async attempt => await Send(packed, attempt), cancel);
            return response.IsSuccessStatusCode
                ? (await ReadAnswer(response, cancel), null)
                : (null, new PostFailure(KindOf(response), await ProblemText.Read(response, cancel), (int)response.StatusCode));
        }
        catch (Exception failure) when (PostPipeline.IsUnreachable(failure))
        {
            return (null, new PostFailure(PostFailureKind.Unreachable, $"{Tried}: {ProblemText.Of(failure)}"));
        }
        catch (JsonException failure)
        {
            var reason = $"{Tried} answers, but not as this service does ({failure.Message})";
            return (null, new PostFailure(PostFailureKind.Rejected, reason));
        }
    }

    private string Tried => string.Join(',', addresses.All.Select(address => address.AbsoluteUri.TrimEnd('/')));

    /// <summary>A request can be sent once only: each attempt has its own, to whoever is next.</summary>
    private async Task<HttpResponseMessage> Send(byte[] packed, CancellationToken cancel)
    {
        var server = addresses.Current;
        try
        {
            var response = await SendTo(server, packed, cancel);
            addresses.LeaveIfAway(server, response.StatusCode);
            return response;
        }
        catch
        {
            addresses.Leave(server);
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendTo(Uri server, byte[] packed, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ServiceAddresses.Below(server, "/v1/windows"))
        {
            Content = new ByteArrayContent(packed)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8"), ContentEncoding = { "gzip" } },
            },
        };
        request.Headers.Authorization = credentials;
        return await http.SendAsync(request, cancel);
    }

    private static byte[] Pack(WindowBatch batch)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            JsonSerializer.Serialize(gzip, batch, WindowBatchJson.Default.WindowBatch);
        }

        return packed.ToArray();
    }

    private static async Task<WindowBatchAnswer> ReadAnswer(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        return await JsonSerializer.DeserializeAsync(body, WindowBatchJson.Default.WindowBatchAnswer, cancel)
            ?? throw new JsonException("null");
    }

    private static PostFailureKind KindOf(HttpResponseMessage response) =>
        PostPipeline.MayPass(response.StatusCode) ? PostFailureKind.Unreachable : PostFailureKind.Rejected;
}

/// <summary>Where windows are posted to, and how patiently.</summary>
public sealed class WindowPosterOptions : IValidatableObject
{
    /// <summary>The service's addresses, http or https; <c>/v1/windows</c> is put after the path of each. Where one does not answer, the next attempt is at the next.</summary>
    [Required]
    public required ServiceAddresses Server { get; init; }

    /// <summary>The bearer token that the service knows this sensor by.</summary>
    [Required]
    public required string Token { get; init; }

    /// <summary>Reports in one request. Default 500.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; init; } = 500;

    /// <summary>How often a request is sent again when the service is away or busy. Default 8, about a minute in all.</summary>
    [Range(1, 100)]
    public int Retries { get; init; } = 8;

    /// <summary>The wait before the first repetition; it doubles from one to the next. Default 0.5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest wait between repetitions, also when the service asks for a longer one. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one request may take. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether to leave a service alone for a while when it has failed some times in a row. Default false.</summary>
    public bool BreaksCircuit { get; init; }

    /// <summary>Where the spread of the waits starts from, so that sensors do not all come back at once. Default 0.</summary>
    public int Seed { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Server.All.FirstOrDefault(server => server is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) is { } wrong)
        {
            yield return new ValidationResult(
                $"The server '{wrong}' is no http or https address, such as https://placement.example:8443", [nameof(Server)]);
        }
    }
}
