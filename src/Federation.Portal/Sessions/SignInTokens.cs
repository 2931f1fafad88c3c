namespace Federation.Portal.Sessions;

/// <summary>What somebody has signed in with.</summary>
/// <param name="Access">The token that goes with each call.</param>
/// <param name="Refresh">What the issuer gives another one for; null: nothing, and the session ends with the token.</param>
/// <param name="Identity">Tells the issuer at signing out whose session ends; null: the token came another way.</param>
public sealed record SignInTokens(string Access, string? Refresh = null, string? Identity = null);
