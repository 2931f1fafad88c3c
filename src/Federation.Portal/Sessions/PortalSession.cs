using Federation.Client;

namespace Federation.Portal.Sessions;

/// <summary>One sign-in, however many pages it has open.</summary>
public sealed class PortalSession
{
    private readonly FederationSession calls;
    private readonly CancellationTokenSource ended;
    private volatile SignInTokens tokens;
    private volatile TokenHolder holder;

    internal PortalSession(string id, TokenHolder holder, SignInTokens tokens, FederationClient federation, CancellationTokenSource ended)
    {
        (Id, this.holder, this.tokens, this.ended) = (id, holder, tokens, ended);
        calls = federation.As(() => Tokens.Access);
    }

    /// <summary>What the cookie says.</summary>
    public string Id { get; }

    /// <summary>Whose it is, as the token of the moment says.</summary>
    public TokenHolder Holder => holder;

    /// <summary>What it has now.</summary>
    public SignInTokens Tokens => tokens;

    /// <summary>Calls with the token of the moment.</summary>
    /// <exception cref="Contracts.Access.AccessDeniedException">It has ended: a browser that stays on a page all the same gets nothing more.</exception>
    public FederationSession Calls => ended.IsCancellationRequested ? throw new Contracts.Access.AccessDeniedException("the session has ended") : calls;

    /// <summary>Cancelled when it ends: by its holder, in time, or since the silos do not take the token any more.</summary>
    public CancellationToken Ended => ended.Token;

    internal void End() => ended.Cancel();

    // Has it go on with other tokens of the same holder.
    internal void Renew(SignInTokens next, TokenHolder nextHolder, TimeSpan lasts)
    {
        ended.CancelAfter(lasts);
        (holder, tokens) = (nextHolder, next);
    }
}
