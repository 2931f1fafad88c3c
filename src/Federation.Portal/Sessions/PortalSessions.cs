using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Federation.Client;
using Federation.Contracts.Access;
using Microsoft.Extensions.Logging;

namespace Federation.Portal.Sessions;

/// <summary>Who is signed in. In memory alone: a portal that starts again has nobody.</summary>
/// <param name="federation">The connection that all share.</param>
/// <param name="signIn">The issuer at which people sign in.</param>
/// <param name="issuer">Gives the tokens that follow.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Told of an issuer that gives none.</param>
public sealed partial class PortalSessions(FederationClient federation, IssuerSignIn signIn, IssuerTokens issuer, TimeProvider clock, ILogger<PortalSessions> log)
{
    /// <summary>How long a session lasts at most; it ends with its token if that is earlier.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(8);

    /// <summary>How long a one-time link is good.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(2);

    private const int MostSessions = 10_000;
    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, PortalSession> sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Ends)> links = new(StringComparer.Ordinal);

    /// <summary>Makes a link that signs its holder in, once.</summary>
    /// <param name="token">The token of whoever signs in by it.</param>
    /// <returns>Its code, of 43 characters.</returns>
    public string MakeLink(string token)
    {
        foreach (var (old, link) in links)
        {
            if (link.Ends <= clock.GetUtcNow())
            {
                links.TryRemove(old, out _);
            }
        }

        var code = Random();
        links[code] = (token, clock.GetUtcNow() + LinkLifetime);
        return code;
    }

    /// <summary>Takes a link's token; null: there is none of this code, or not any more.</summary>
    public string? TakeLink(string code) => links.TryRemove(code, out var link) && link.Ends > clock.GetUtcNow() ? link.Token : null;

    /// <summary>Begins a session, if the silos take the token; it goes on with those that follow, as long as the issuer gives them.</summary>
    /// <param name="tokens">What its holder has.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="AccessDeniedException">They do not, or its holder is nobody that a portal is for.</exception>
    public async Task<PortalSession> Begin(SignInTokens tokens, CancellationToken cancel)
    {
        await federation.As(tokens.Access).Events(0, 1, cancel);
        // It was good: it can be read.
        var holder = TokenHolder.Read(tokens.Access, signIn) ?? throw new AccessDeniedException("the token says nothing of its holder");
        foreach (var (id, old) in sessions)
        {
            if (old.Ended.IsCancellationRequested)
            {
                sessions.TryRemove(id, out _);
            }
        }

        if (sessions.Count >= MostSessions)
        {
            throw new AccessDeniedException($"{MostSessions} people are signed in: try again later");
        }

        var latest = clock.GetUtcNow() + Longest;
        var begun = new PortalSession(Random(), holder, tokens, federation, new CancellationTokenSource(LeftOf(holder, latest), clock));
        sessions[begun.Id] = begun;
        _ = KeepRenewed(begun, latest);
        return begun;
    }

    /// <summary>The session of an identifier.</summary>
    public bool TryFind(string? id, [NotNullWhen(true)] out PortalSession? session) =>
        sessions.TryGetValue(id ?? "", out session) && !session.Ended.IsCancellationRequested;

    /// <summary>Ends a session; every page of it says so at once.</summary>
    public void End(PortalSession session)
    {
        sessions.TryRemove(session.Id, out _);
        session.End();
    }

    // Asks for the next token when three quarters of what is left of one are over: an issuer that is away is asked again and again until the token ends.
    private async Task KeepRenewed(PortalSession session, DateTimeOffset latest)
    {
        while (session.Tokens.Refresh is not null)
        {
            try
            {
                var wait = LeftOf(session.Holder, latest) * 0.75;
                await Task.Delay(wait > LeastWait ? wait : LeastWait, clock, session.Ended);
                if (await issuer.Renew(session.Tokens, session.Ended) is not { } next)
                {
                    return;
                }

                // Of somebody else, or no token: what there is ends in its time.
                if (TokenHolder.Read(next.Access, signIn) is not { } holder || holder.Subject != session.Holder.Subject)
                {
                    return;
                }

                session.Renew(next, holder, LeftOf(holder, latest));
            }
            catch (Exception fault)
            {
                if (session.Ended.IsCancellationRequested)
                {
                    return;
                }

                LogNotRenewed(log, fault.Message);
            }
        }
    }

    private TimeSpan LeftOf(TokenHolder holder, DateTimeOffset latest)
    {
        var left = (holder.Ends is { } end && end < latest ? end : latest) - clock.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static string Random() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    [LoggerMessage(7102, LogLevel.Warning, "The issuer gave no new token, and is asked again: {Reason}")]
    private static partial void LogNotRenewed(ILogger log, string reason);
}
