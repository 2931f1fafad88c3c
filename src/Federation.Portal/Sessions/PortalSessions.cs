using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Federation.Client;

namespace Federation.Portal.Sessions;

/// <summary>Who is signed in. In memory alone: a portal that starts again has nobody.</summary>
/// <param name="federation">The connection that all share.</param>
/// <param name="clock">The clock.</param>
public sealed class PortalSessions(FederationClient federation, TimeProvider clock)
{
    /// <summary>How long a session lasts at most; it ends with its token if that is earlier.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(8);

    /// <summary>How long a one-time link is good.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(2);

    private const int MostSessions = 10_000;

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

    /// <summary>Begins a session, if the silos take the token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="Contracts.Access.AccessDeniedException">They do not, or its holder is nobody that a portal is for.</exception>
    public async Task<PortalSession> Begin(string token, CancellationToken cancel)
    {
        var calls = federation.As(token);
        await calls.Events(0, 1, cancel);
        // It was good: it can be read.
        var holder = TokenHolder.Read(token) ?? throw new Contracts.Access.AccessDeniedException("the token says nothing of its holder");
        foreach (var (id, old) in sessions)
        {
            if (old.Ended.IsCancellationRequested)
            {
                sessions.TryRemove(id, out _);
            }
        }

        if (sessions.Count >= MostSessions)
        {
            throw new Contracts.Access.AccessDeniedException($"{MostSessions} people are signed in: try again later");
        }

        var now = clock.GetUtcNow();
        var ends = holder.Ends is { } end && end < now + Longest ? end : now + Longest;
        var begun = new PortalSession(Random(), holder, calls, new CancellationTokenSource(ends > now ? ends - now : TimeSpan.Zero, clock));
        sessions[begun.Id] = begun;
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

    private static string Random() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}

/// <summary>One sign-in, however many pages it has open.</summary>
public sealed class PortalSession
{
    private readonly FederationSession calls;
    private readonly CancellationTokenSource ended;

    internal PortalSession(string id, TokenHolder holder, FederationSession calls, CancellationTokenSource ended) =>
        (Id, Holder, this.calls, this.ended) = (id, holder, calls, ended);

    /// <summary>What the cookie says.</summary>
    public string Id { get; }

    /// <summary>Whose it is, as the token says.</summary>
    public TokenHolder Holder { get; }

    /// <summary>Calls with its token.</summary>
    /// <exception cref="Contracts.Access.AccessDeniedException">It has ended: a browser that stays on a page all the same gets nothing more.</exception>
    public FederationSession Calls => ended.IsCancellationRequested ? throw new Contracts.Access.AccessDeniedException("the session has ended") : calls;

    /// <summary>Cancelled when it ends: by its holder, in time, or since the silos do not take the token any more.</summary>
    public CancellationToken Ended => ended.Token;

    internal void End() => ended.Cancel();
}
