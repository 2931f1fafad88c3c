using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Federation.Cli.Service;

/// <summary>Speaks to the service's HTTP API.</summary>
/// <remarks>
/// Of several servers it stays with one as long as that answers, then goes on to the next: what it asks for may be asked again, the service
/// knows what it has seen. What goes wrong becomes a <see cref="CommandFailure"/> that says what to do about it.
/// </remarks>
internal sealed class ServiceClient : IDisposable
{
    // While the silos agree that one of them is gone, those that are left ask for a second's patience.
    private const int Rounds = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);
    // What only reads answers soon; a plan takes what it takes.
    private static readonly TimeSpan PatienceToReadFromOneOfSeveral = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectsWithin = TimeSpan.FromSeconds(3);

    private readonly HttpClient http;
    private readonly TimeProvider clock;
    private readonly ServiceTrust trust;
    private int current;

    /// <summary>Prepares to speak; connects with the first request.</summary>
    /// <param name="access">Whom to speak to.</param>
    /// <param name="clock">Measures pauses.</param>
    /// <exception cref="CommandFailure">The token cannot stand in a request.</exception>
    public ServiceClient(ServiceAccess access, TimeProvider clock)
    {
        (Access, this.clock, trust) = (access, clock, new(access.Certificates));
        // A redirect could lead to another host, with the token.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.ConnectTimeout = HasOthers ? ConnectsWithin : handler.ConnectTimeout;
        handler.SslOptions = trust.Options();
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (access.Token is { } token)
        {
            http.DefaultRequestHeaders.Authorization = token.All(c => c is > ' ' and < '\x7f')
                ? new AuthenticationHeaderValue("Bearer", token)
                : throw new CommandFailure($"the token from {access.TokenFrom} has blanks or line breaks in it; a token is one word");
        }
    }

    /// <summary>Whom it speaks to.</summary>
    public ServiceAccess Access { get; }

    private bool HasOthers => Access.Servers.Length > 1;

    /// <summary>Gets a document.</summary>
    /// <param name="route">Its path and query.</param>
    /// <param name="cancel">Gives the request up.</param>
    /// <param name="wait">How long the service may take on top of what is usual.</param>
    public async Task<JsonElement> Get(Route route, CancellationToken cancel, TimeSpan wait = default) =>
        (await Send(HttpMethod.Get, route, null, wait, cancel)).Document;

    /// <summary>Gets a list, page after page, as one document.</summary>
    /// <param name="route">The path and query of the first page.</param>
    /// <param name="cancel">Gives it up.</param>
    public async Task<JsonElement> GetAll(Route route, CancellationToken cancel)
    {
        var first = await GetPage(route, cancel);
        if (first.Next is null)
        {
            return first.Document;
        }

        var items = first.Document.EnumerateArray().ToList();
        for (var next = first.Next; next is not null;)
        {
            var page = await GetPage(next, cancel);
            items.AddRange(page.Document.EnumerateArray());
            next = page.Next;
        }

        return JsonSerializer.SerializeToElement(items);
    }

    /// <summary>Gets one page of a list.</summary>
    public Task<ServiceAnswer> GetPage(Route route, CancellationToken cancel) => Send(HttpMethod.Get, route, null, default, cancel);

    /// <summary>Puts a file; with a version, only in place of that one.</summary>
    public Task<ServiceAnswer> Put(Route route, string text, string mediaType, CancellationToken cancel, string? version = null) =>
        Send(HttpMethod.Put, route, () => new StringContent(text, Encoding.UTF8, mediaType), default, cancel, version);

    /// <summary>Posts a document, or nothing.</summary>
    public Task<ServiceAnswer> Post(Route route, string? json, CancellationToken cancel, TimeSpan wait = default) =>
        Send(HttpMethod.Post, route, json is null ? null : () => new StringContent(json, Encoding.UTF8, "application/json"), wait, cancel);

    /// <summary>Posts a file; with a version, to be held against that one.</summary>
    public Task<ServiceAnswer> Post(Route route, string text, string mediaType, CancellationToken cancel, string? version = null) =>
        Send(HttpMethod.Post, route, () => new StringContent(text, Encoding.UTF8, mediaType), default, cancel, version);

    /// <summary>Deletes what is there; with a version, only that one.</summary>
    public Task<ServiceAnswer> Delete(Route route, CancellationToken cancel, string? version = null) =>
        Send(HttpMethod.Delete, route, null, default, cancel, version);

    /// <summary>Gets what is no document, as it comes; the caller disposes of it.</summary>
    /// <param name="path">Its path and query.</param>
    /// <param name="encodings">How it may be packed.</param>
    /// <param name="cancel">Gives the request up.</param>
    public Task<HttpResponseMessage> Fetch(string path, string? encodings, CancellationToken cancel) => AskOneOfThem(
        () => AskCurrent(HttpMethod.Get, path, null, default, (response, _) => Task.FromResult(response), ("Accept-Encoding", encodings), cancel), cancel);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private Task<ServiceAnswer> Send(
        HttpMethod method, Route route, Func<HttpContent>? content, TimeSpan wait, CancellationToken cancel, string? version = null) =>
        AskOneOfThem(
            () => AskCurrent(
                method, route.ToString(), content?.Invoke(), wait, Read, ("If-Match", version is null ? null : $"\"{version}\""), cancel),
            cancel);

    private async Task<T> AskOneOfThem<T>(Func<Task<T>> askCurrent, CancellationToken cancel)
    {
        for (var round = 1; ; round++)
        {
            var passes = false;
            for (var left = Access.Servers.Length; left > 0; left--)
            {
                try
                {
                    return await askCurrent();
                }
                catch (AwayFailure away) when (HasOthers && (left > 1 || (round < Rounds && (passes || away.Passes))))
                {
                    passes |= away.Passes;
                    current = (current + 1) % Access.Servers.Length;
                }
            }

            await Task.Delay(Pause, clock, cancel);
        }
    }

    private async Task<T> AskCurrent<T>(
        HttpMethod method, string path, HttpContent? content, TimeSpan wait, Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        (string Name, string? Value) header, CancellationToken cancel)
    {
        var server = ServiceAccess.NameOf([Access.Servers[current]]);
        var patience = wait + (HasOthers && method == HttpMethod.Get ? PatienceToReadFromOneOfSeveral : Patience);
        using var request = new HttpRequestMessage(method, server + path) { Content = content };
        if (header.Value is { } value)
        {
            request.Headers.TryAddWithoutValidation(header.Name, value);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try
        {
            return await read(await http.SendAsync(request, limit.Token), limit.Token);
        }
        catch (HttpRequestException failure)
        {
            throw ServiceFailures.Unreachable(Access, failure, trust.Refusal);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw ServiceFailures.Late(server, method, patience, late);
        }
    }

    private async Task<ServiceAnswer> Read(HttpResponseMessage response, CancellationToken cancel)
    {
        using var over = response;
        var body = await response.Content.ReadAsStringAsync(cancel);
        if (!response.IsSuccessStatusCode)
        {
            throw ServiceFailures.Refused(Access, response, body);
        }

        try
        {
            return new(
                response.StatusCode,
                body.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(body),
                response.Headers.TryGetValues("Link", out var links) ? Route.Next(string.Join(", ", links)) : null);
        }
        catch (JsonException fault)
        {
            throw new CommandFailure(ServiceFailures.NoSuchService(Access), fault);
        }
    }
}

/// <summary>A yes of the service.</summary>
/// <param name="Status">What kind of yes.</param>
/// <param name="Document">The body; undefined if there is none.</param>
/// <param name="Next">Where the next page of a list is; null: this is the last, or no list.</param>
internal readonly record struct ServiceAnswer(HttpStatusCode Status, JsonElement Document, Route? Next = null);
