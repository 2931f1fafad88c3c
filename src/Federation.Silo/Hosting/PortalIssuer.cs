using Federation.Portal.Sessions;
using Federation.Silo.Access;
using Federation.Silo.Settings;

namespace Federation.Silo.Hosting;

/// <summary>The issuer at which people sign in to this silo's portal.</summary>
internal static class PortalIssuer
{
    /// <summary>As the settings name it, with its claims as the silo reads them.</summary>
    /// <exception cref="RefusedStartException">The silo does not trust it, so that nobody could sign in; or the file of the portal's secret cannot be read.</exception>
    public static IssuerSignIn Of(ServiceOptions options, IConfiguration configuration)
    {
        var signIn = options.PortalSignIn;
        if (!signIn.IsUsed)
        {
            return signIn;
        }

        var trusted = configuration.GetSection("Federation:Identity").Get<IdentityOptions>()?.Issuers.FirstOrDefault(issuer => issuer.Authority.TrimEnd('/') == signIn.Authority.TrimEnd('/'))
            ?? throw new RefusedStartException(
                $"Setting Federation:PortalSignIn:Authority is '{signIn.Authority}', an issuer whose tokens this silo does not take: name it in Federation:Identity:Issuers too.");
        try
        {
            if (signIn.ClientSecretFile.Length > 0)
            {
                File.ReadAllText(signIn.ClientSecretFile);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RefusedStartException(
                $"Setting Federation:PortalSignIn:ClientSecretFile is '{signIn.ClientSecretFile}', which cannot be read ({fault.Message.TrimEnd('.')}): name a file that user '{Environment.UserName}' can read.",
                fault);
        }

        return signIn with { RolesClaim = trusted.RolesClaim, TenantsClaim = trusted.TenantsClaim, SitesClaim = trusted.SitesClaim };
    }
}
