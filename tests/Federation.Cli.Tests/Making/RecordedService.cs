using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Federation.Cli.Tests.Making;

/// <summary>A service that gives recorded answers, and remembers what it was asked.</summary>
internal sealed class RecordedService : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly Dictionary<string, Queue<Answer>> answers = [];
    private readonly ConcurrentQueue<Request> requests = [];

    private RecordedService(X509Certificate2? certificate, bool wantsCertificates)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls(certificate is null ? "http://127.0.0.1:0" : "https://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = wantsCertificates ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
            https.AllowAnyClientCertificate();
        }));
        application = builder.Build();
        application.Run(Respond);
    }

    public string Address => application.Urls.Single();

    /// <summary>What it was asked, in order.</summary>
    public IReadOnlyList<Request> Requests => [.. requests];

    public static Task<RecordedService> Start() => Start(null);

    /// <summary>One that speaks TLS with a certificate, and may want one of its clients.</summary>
    public static async Task<RecordedService> Start(X509Certificate2? certificate, bool wantsCertificates = false)
    {
        var service = new RecordedService(certificate, wantsCertificates);
        await service.application.StartAsync();
        return service;
    }

    /// <summary>Records answers to one request line, such as <c>GET /v1/sites?x=1</c>: each given once, the last one again and again.</summary>
    public RecordedService On(string request, params Answer[] recorded)
    {
        answers[request] = new(recorded);
        return this;
    }

    public Task<CommandRun> Run(params string[] args) =>
        CommandRun.With(new() { ["FEDCTL_SERVER"] = Address, ["FEDCTL_TOKEN"] = "s3cret" }, args);

    /// <summary>A run by somebody at a terminal, who types these lines.</summary>
    public Task<CommandRun> RunAnswering(string answers, params string[] args) => CommandRun.Until(
        new() { ["FEDCTL_SERVER"] = Address, ["FEDCTL_TOKEN"] = "s3cret" }, args, null, TestContext.Current.CancellationToken, answers);

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task Respond(HttpContext context)
    {
        var body = context.Request.Body;
        using var reader = new StreamReader(
            context.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(body, CompressionMode.Decompress) : body);
        var line = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}";
        requests.Enqueue(new(line, await reader.ReadToEndAsync(), context.Request.Headers.Authorization.ToString(), context.Request.ContentType, context.Request.Headers.IfMatch.ToString()));
        var answer = Next(line);
        context.Response.StatusCode = answer.Status;
        context.Response.Headers.RetryAfter = answer.RetryAfter?.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.Link = answer.Link;
        context.Response.ContentType = answer.Status < 400 ? "application/json" : "application/problem+json";
        await context.Response.WriteAsync(answer.Body);
    }

    private Answer Next(string line) =>
        !answers.TryGetValue(line, out var recorded) ? new(404, $$"""{"title":"Not Found","detail":"nothing is recorded for {{line}}"}""")
        : recorded.Count > 1 ? recorded.Dequeue()
        : recorded.Peek();

    internal sealed record Request(string Line, string Body, string Authorization, string? ContentType, string IfMatch);

    internal sealed record Answer(int Status, string Body, int? RetryAfter = null, string? Link = null)
    {
        public static implicit operator Answer(string body) => new(200, body);
    }
}
