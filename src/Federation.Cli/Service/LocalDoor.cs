using System.Net;
using System.Security.Cryptography;

namespace Federation.Cli.Service;

/// <summary>Lets a browser of this machine look at one part of the service, with the token that it does not have.</summary>
/// <remarks>
/// On loopback only, and only to who knows the secret in the address: other users of this machine, and pages of other places in the same
/// browser, do not. Nothing can be changed through it.
/// </remarks>
internal sealed class LocalDoor : IDisposable
{
    // A browser keeps to what they say.
    private static readonly string[] Passed = ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control"];

    private readonly HttpListener listener = new();
    private readonly ServiceClient service;
    private readonly string part;
    private readonly string secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Begins to listen.</summary>
    /// <param name="service">Whom it leads to; stays the caller's.</param>
    /// <param name="part">What is shown: a path and all below it.</param>
    /// <param name="port">Where it listens on 127.0.0.1.</param>
    /// <exception cref="CommandFailure">The port is taken.</exception>
    public LocalDoor(ServiceClient service, string part, int port)
    {
        (this.service, this.part) = (service, part);
        Address = new Uri($"http://127.0.0.1:{port}/{secret}{part}/");
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        try
        {
            listener.Start();
        }
        catch (HttpListenerException fault)
        {
            throw new CommandFailure($"port {port} cannot be listened at ({fault.Message}); give another one with --port", fault);
        }
    }

    /// <summary>What to open, secret included.</summary>
    public Uri Address { get; }

    /// <summary>Answers until it is stopped.</summary>
    public async Task Run(CancellationToken cancel)
    {
        await using var stop = cancel.Register(listener.Abort);
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                // One that takes long holds up none of the others: a page asks for many things at once.
                _ = Answer(await listener.GetContextAsync(), cancel);
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
            {
                // All is over, or will be at the next turn.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Close();

    private async Task Answer(HttpListenerContext context, CancellationToken cancel)
    {
        try
        {
            if (PathBehind(context.Request) is { } path)
            {
                using var response = await service.Fetch(path, context.Request.Headers["Accept-Encoding"], cancel);
                await Pass(response, context.Response, cancel);
            }
            else
            {
                context.Response.StatusCode = (int)HttpStatusCode.NotFound;
            }
        }
        catch (CommandFailure)
        {
            context.Response.StatusCode = (int)HttpStatusCode.BadGateway;
        }
        catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException or IOException or OperationCanceledException)
        {
            // The browser has gone, or all is over.
            context.Response.Abort();
            return;
        }

        context.Response.Close();
    }

    // Null: nobody who was told of it would ask that.
    private string? PathBehind(HttpListenerRequest request) =>
        request.HttpMethod == "GET" && request.RawUrl is { } asked && IsSecret(asked)
        && asked[(secret.Length + 1)..] is var path && path.StartsWith($"{part}/", StringComparison.Ordinal) && !path.Contains("..", StringComparison.Ordinal)
            ? path
            : null;

    private bool IsSecret(string asked) => asked.Length > secret.Length
        && CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(asked[1..(secret.Length + 1)]), System.Text.Encoding.UTF8.GetBytes(secret));

    private static async Task Pass(HttpResponseMessage from, HttpListenerResponse to, CancellationToken cancel)
    {
        to.StatusCode = (int)from.StatusCode;
        to.ContentType = from.Content.Headers.ContentType?.ToString();
        foreach (var encoding in from.Content.Headers.ContentEncoding)
        {
            to.AppendHeader("Content-Encoding", encoding);
        }

        foreach (var name in Passed)
        {
            if (from.Headers.TryGetValues(name, out var values))
            {
                to.Headers[name] = string.Join(", ", values);
            }
        }

        await from.Content.CopyToAsync(to.OutputStream, cancel);
    }
}
