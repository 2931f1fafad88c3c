using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Federation.Portal.Sessions;

/// <summary>What the issuer is asked for besides signing in: the next token, and its own way out.</summary>
/// <param name="signIn">Whether there is one.</param>
/// <param name="settings">How it is reached.</param>
public sealed class IssuerTokens(IssuerSignIn signIn, IOptionsMonitor<OpenIdConnectOptions> settings)
{
    private OpenIdConnectOptions Issuer => settings.Get(IssuerPages.Scheme);

    /// <summary>The tokens that follow; null: the issuer gives none any more.</summary>
    /// <exception cref="HttpRequestException">It does not answer, or not as an issuer does.</exception>
    /// <exception cref="InvalidOperationException">Its description cannot be had.</exception>
    public async Task<SignInTokens?> Renew(SignInTokens old, CancellationToken cancel)
    {
        if (!signIn.IsUsed || old.Refresh is null)
        {
            return null;
        }

        var issuer = Issuer;
        var description = await issuer.ConfigurationManager!.GetConfigurationAsync(cancel);
        List<KeyValuePair<string, string>> asked =
        [
            new(OpenIdConnectParameterNames.GrantType, OpenIdConnectGrantTypes.RefreshToken),
            new(OpenIdConnectParameterNames.RefreshToken, old.Refresh),
            new(OpenIdConnectParameterNames.ClientId, issuer.ClientId!),
        ];
        if (issuer.ClientSecret is { Length: > 0 } secret)
        {
            asked.Add(new(OpenIdConnectParameterNames.ClientSecret, secret));
        }

        using var form = new FormUrlEncodedContent(asked);
        using var answer = await issuer.Backchannel.PostAsync(new Uri(description.TokenEndpoint), form, cancel);
        // RFC 6749, 5.2: what is no good any more is told by 400 or 401; anything else may pass.
        if ((int)answer.StatusCode is 400 or 401)
        {
            return null;
        }

        answer.EnsureSuccessStatusCode();
        var given = new OpenIdConnectMessage(await answer.Content.ReadAsStringAsync(cancel));
        return given.AccessToken is { Length: > 0 } access ? new(access, given.RefreshToken ?? old.Refresh, given.IdToken ?? old.Identity) : null;
    }

    /// <summary>Where the holder of tokens signs out at the issuer, too; null: nowhere, or nobody answers there.</summary>
    /// <param name="tokens">What the session had.</param>
    /// <param name="back">Where he is sent afterwards.</param>
    /// <param name="cancel">Gives it up.</param>
    public async Task<string?> WayOut(SignInTokens tokens, string back, CancellationToken cancel)
    {
        if (!signIn.IsUsed || tokens.Identity is null)
        {
            return null;
        }

        try
        {
            var description = await Issuer.ConfigurationManager!.GetConfigurationAsync(cancel);
            return description.EndSessionEndpoint is not { Length: > 0 } end ? null : QueryHelpers.AddQueryString(end, new Dictionary<string, string?>
            {
                [OpenIdConnectParameterNames.IdTokenHint] = tokens.Identity,
                [OpenIdConnectParameterNames.ClientId] = signIn.ClientId,
                [OpenIdConnectParameterNames.PostLogoutRedirectUri] = back,
            });
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
