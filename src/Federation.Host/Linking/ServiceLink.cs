using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Federation.Domain.Hosts;
using Federation.Domain.Json;
using Federation.Domain.Networks;
using Federation.Sensor.Posting;

namespace Federation.Host.Linking;

/// <summary>A host's line to the service: connections go out from the host only. For all threads.</summary>
/// <param name="http">Sends; stays the caller's. Its own time-out is longer than any wait here.</param>
/// <param name="servers">The service's addresses; one that does not answer is left for the next.</param>
/// <param name="token">The agent's token, read for every request.</param>
/// <param name="clock">Measures time.</param>
public sealed class ServiceLink(HttpClient http, ServiceAddresses servers, Func<string> token, TimeProvider clock)
{
    /// <summary>How long a question for orders waits for one.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(20);

    // Where there is another address, nobody waits for long at one that is silent.
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(10);

    // A gateway has to try another address before its lease is over.
    private static readonly TimeSpan RenewsWithin = TimeSpan.FromSeconds(2);

    /// <summary>Tells how the host is; returns when the service has it.</summary>
    /// <exception cref="LinkException">It does not.</exception>
    public Task Report(HostReport report, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(report, DomainJson.Options);
        return Send(
            server => new HttpRequestMessage(HttpMethod.Post, ServiceAddresses.Below(server, "/v1/hosts/self/report"))
            {
                Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
            },
            AnswersWithin,
            (_, _) => Task.FromResult(true),
            cancel);
    }

    /// <summary>Tells how this machine is reached, a client of a network.</summary>
    /// <returns>What it is.</returns>
    /// <exception cref="LinkException">The service was not reached, or said no.</exception>
    public Task<ClientPost> Attach(ClientReport report, CancellationToken cancel) => Ask(
        "/v1/clients/self",
        report,
        async (stream, stop) => await JsonSerializer.DeserializeAsync<ClientPost>(stream, DomainJson.Options, stop) is { Name: not null } post && post.Application.IsWhole
            ? post
            : throw new JsonException("it does not say which client this is"),
        cancel);

    /// <summary>Asks for orders; waits for one if there is none.</summary>
    /// <param name="mailbox">The mailbox that was asked last.</param>
    /// <param name="after">The last order from there.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The orders, and the answers to those that this agent cannot read.</returns>
    /// <exception cref="LinkException">The service was not reached, or said no.</exception>
    public Task<(HostOrders Orders, ImmutableArray<HostAnswer> Unread)> Orders(Guid mailbox, long after, CancellationToken cancel)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"/v1/hosts/self/orders?mailbox={mailbox}&after={after}&wait={Poll.TotalSeconds}");
        return Send(
            server => new HttpRequestMessage(HttpMethod.Get, ServiceAddresses.Below(server, query)),
            Poll + AnswersWithin,
            async (response, stop) => OrdersReading.Read(await response.Content.ReadAsByteArrayAsync(stop)),
            cancel);
    }

    /// <summary>Asks for news of segments; waits for some if there are none.</summary>
    /// <param name="known">What the host has of its segments, each by its application's key.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="LinkException">The service was not reached, or said no.</exception>
    public Task<SegmentsNews> Segments(ImmutableSortedDictionary<string, long> known, CancellationToken cancel) => Ask(
        "/v1/hosts/self/segments",
        new SegmentsKnown(known, Poll.TotalSeconds),
        async (stream, stop) => await JsonSerializer.DeserializeAsync<SegmentsNews>(stream, DomainJson.Options, stop) is { Updates.IsDefault: false, Stars: not null } news
            ? news
            : throw new JsonException("it holds no news of segments"),
        cancel);

    /// <summary>Tells of the host's paths and asks for relays; waits for news if there are none.</summary>
    /// <param name="stamp">The news that the host has.</param>
    /// <param name="heard">The relays that it hears.</param>
    /// <param name="paths">Its paths.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null: there are none.</returns>
    /// <exception cref="LinkException">The service was not reached, or said no.</exception>
    public Task<RelayNews?> Relays(string stamp, ImmutableArray<VtepId> heard, ImmutableArray<PeerPath> paths, CancellationToken cancel) => Ask(
        "/v1/hosts/self/relays",
        new RelayQuestion(stamp, heard, paths, Poll.TotalSeconds),
        async (stream, stop) => (await JsonSerializer.DeserializeAsync<RelayAnswer>(stream, DomainJson.Options, stop) ?? throw new JsonException("it holds no answer")).News switch
        {
            null => null,
            { Stamp: not null, Relays.IsDefault: false, Relayed.IsDefault: false, Heard: not null } news => news,
            _ => throw new JsonException("it holds no news of relays"),
        },
        cancel);

    private Task<T> Ask<T>(string path, object question, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(question, DomainJson.Options);
        return Send(
            server => new HttpRequestMessage(HttpMethod.Post, ServiceAddresses.Below(server, path))
            {
                Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
            },
            Poll + AnswersWithin,
            async (response, stop) => await read(await response.Content.ReadAsStreamAsync(stop), stop),
            cancel);
    }

    /// <summary>Asks to hold this gateway's public addresses; returns when the service has heard it.</summary>
    /// <exception cref="LinkException">It has not.</exception>
    public Task Renew(CancellationToken cancel) => Send(
        server => new HttpRequestMessage(HttpMethod.Post, ServiceAddresses.Below(server, "/v1/hosts/self/renewal")), RenewsWithin, (_, _) => Task.FromResult(true), cancel);

    private async Task<T> Send<T>(
        Func<Uri, HttpRequestMessage> make, TimeSpan longest, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancel)
    {
        var server = servers.Current;
        using var late = new CancellationTokenSource(longest, clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            using var request = make(server);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token());
            using var response = await http.SendAsync(request, over.Token);
            if (!response.IsSuccessStatusCode)
            {
                servers.LeaveIfAway(server, response.StatusCode);
                throw new LinkException($"{server}: {await ProblemText.Read(response, over.Token)}", (int)response.StatusCode);
            }

            return await read(response, over.Token);
        }
        catch (OperationCanceledException fault) when (!cancel.IsCancellationRequested)
        {
            servers.Leave(server);
            throw new LinkException($"{server}: it has not answered within {longest.TotalSeconds:0} s", null, fault);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or UnauthorizedAccessException or JsonException or FormatException or NotSupportedException)
        {
            servers.Leave(server);
            throw new LinkException($"{server}: {ProblemText.Of(fault)}", null, fault);
        }
    }
}
