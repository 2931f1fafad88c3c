using System.CommandLine;
using Federation.Cli.Commandline;
using Federation.Cli.Terminals;
using Federation.Credentials;
using Federation.Domain.Access;
using Federation.Domain.Identity;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl token</c>: tokens of the built-in issuer, made from its signing key without a service, and taken back by it.</summary>
internal static class TokenCommands
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(8);

    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) =>
        new Verb("token", "Tokens of the service's built-in issuer").With(
            Issue(terminal), RevocationCommands.Show(terminal), RevocationCommands.Revoke(terminal), RevocationCommands.List(terminal));

    private static Verb Issue(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "Who will hold it, as the audit log will name them; a sensor's name" };
        var key = new Option<string>("--key")
        {
            Description = "The signing key: issuer.key in the service's data folder", HelpName = "FILE", Required = true,
        };
        var roles = Several("--role", "ROLE", $"What the holder may do: {string.Join(", ", RoleName.All)}. Can be given several times");
        roles.Required = true;
        roles.Validators.Add(result =>
        {
            foreach (var word in result.Tokens.Where(token => RoleName.Parse(token.Value) is null))
            {
                result.AddError($"--role: '{word.Value}' is not one of {string.Join(", ", RoleName.All)}");
            }
        });
        var tenants = Several("--tenant", "TENANT", "A tenant that a tenant's token acts for. Can be given several times");
        var sites = Several("--site", "SITE", "A site that is a site administrator's own, or the site of a sensor's or an agent's host. Can be given several times");
        var host = new Option<string?>("--host") { Description = "The host of an agent; a sensor's host, where left out means the site's VMs that are on no named host", HelpName = "HOST" };
        var lifetime = Values.Duration("--lifetime", $"How long it is good. Default {DefaultLifetime.TotalHours}h, at most {TokenIssuer.LongestLifetime.TotalDays}d");
        return new Verb(
            "issue",
            "Make a token; needs the signing key, not the service",
            "fedctl token issue alice --role tenant --tenant astro --key data/issuer.key > alice.token",
            "fedctl token issue bob --role site-admin --site rennes --lifetime 30d --key data/issuer.key",
            "fedctl token issue host1 --role sensor --site rennes --host host1 --key data/issuer.key",
            "fedctl token issue agent1 --role host --site rennes --host host1 --lifetime 90d --key data/issuer.key")
        {
            Remarks = "Keep lifetimes short. 'fedctl token revoke' takes a single token back; deleting the signing key ends all that were made with it.",
        }
            .With(name, key, roles, tenants, sites, host, lifetime)
            .Does(parse =>
            {
                var holder = new Caller(
                    parse.GetRequiredValue(name),
                    TokenIssuer.Name,
                    [.. parse.GetRequiredValue(roles).Select(RoleName.Parse).OfType<Role>().Distinct()],
                    [.. (parse.GetValue(tenants) ?? []).Select(tenant => new TenantId(tenant))],
                    [.. (parse.GetValue(sites) ?? []).Select(site => new SiteId(site))]);
                terminal.Out.WriteLine(Signed(
                    holder with { Sensor = SensorOf(holder, parse.GetValue(host)), Host = HostOf(holder, parse.GetValue(host)) },
                    parse.GetRequiredValue(key),
                    terminal.Clock.GetUtcNow(),
                    parse.GetValue(lifetime) ?? DefaultLifetime));
                return ExitCode.Done;
            });
    }

    private static SensorPost? SensorOf(Caller holder, string? host)
    {
        Check(!holder.Has(Role.Tenant) || !holder.Tenants.IsEmpty, "a tenant's token acts for a tenant: give --tenant TENANT");
        Check(!holder.Has(Role.SiteAdmin) || !holder.Sites.IsEmpty, "a site administrator has a site: give --site SITE");
        if (!holder.Has(Role.Sensor))
        {
            Check(host is null || holder.Has(Role.Host), "--host is for sensors and agents: it goes with --role sensor or --role host");
            return null;
        }

        Check(holder.Sites.Length == 1, "a sensor is at one site: give --site SITE once");
        return new(holder.Name, new(holder.Sites[0], host));
    }

    private static HostPost? HostOf(Caller holder, string? host)
    {
        if (!holder.Has(Role.Host))
        {
            return null;
        }

        Check(holder.Sites.Length == 1, "a host is at one site: give --site SITE once");
        Check(host is not null, "an agent is for one host: give --host HOST");
        var fault = HostPost.FaultOf(host!);
        Check(fault is null, $"--host: {fault}");
        return new(holder.Sites[0], host!);
    }

    private static string Signed(Caller holder, string keyFile, DateTimeOffset now, TimeSpan lifetime)
    {
        Check(lifetime <= TokenIssuer.LongestLifetime, $"--lifetime is longer than {TokenIssuer.LongestLifetime.TotalDays} days");
        try
        {
            using var key = TokenIssuer.ReadKey(keyFile);
            return new TokenIssuer(key).Issue(holder, now, lifetime);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandFailure($"the signing key cannot be used: {fault.Message}", fault);
        }
    }

    private static void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new CommandFailure(otherwise);
        }
    }

    private static Option<string[]> Several(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };
}
