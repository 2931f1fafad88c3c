using System.CommandLine;
using System.Security.Cryptography;
using Federation.Cli.Commandline;
using Federation.Cli.Terminals;
using Federation.Credentials;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl certs</c>: a private authority, and certificates by role.</summary>
internal static class CertificateCommands
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(90);

    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) =>
        new Verb("certs", "Certificates for TLS, of a private authority; needs no service").With(Init(terminal));

    private static Verb Init(Terminal terminal)
    {
        var directory = new Option<string>("--directory", "-d") { Description = "Where the files go", HelpName = "DIR", Required = true };
        var silos = new Option<string[]>("--silo")
        {
            Description = "A silo and where it is reached, addresses and host names apart by commas. Can be given several times", HelpName = "NAME=ADDRESS,...",
        };
        silos.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.Split('=') is not [{ Length: > 0 }, { Length: > 0 }]))
            {
                result.AddError($"--silo: '{token.Value}' is not NAME=ADDRESS, such as rennes=10.0.0.5,silo.rennes.example");
            }
        });
        var clients = new Option<string[]>("--client") { Description = "Somebody who calls the API. Can be given several times", HelpName = "NAME" };
        var portals = new Option<string[]>("--portal") { Description = "A portal, which comes to silos' gateways. Can be given several times", HelpName = "NAME" };
        var lifetime = Values.Duration("--lifetime", $"How long the certificates are good. Default {DefaultLifetime.TotalDays}d; the authority's own is good for ten years");
        return new Verb(
            "init",
            "Make an authority, unless the folder has one, and certificates for silos, clients and portals",
            "fedctl certs init -d certs --silo rennes=10.0.0.5 --silo paris=10.0.1.5,paris.example --client alice")
        {
            Remarks = "Writes NAME.pem and NAME.key for each, ca.pem and ca.key for the authority. Run again, it renews the certificates that it is told of."
                + " Whoever has ca.key can make silos: keep it off the silos' machines.",
        }
            .With(directory, silos, clients, portals, lifetime)
            .Does(parse =>
            {
                var folder = new CertificateFolder(parse.GetRequiredValue(directory), terminal, parse.GetValue(lifetime) ?? DefaultLifetime);
                var wanted = (parse.GetValue(silos) ?? []).Select(silo => silo.Split('='))
                    .Select(silo => (CertificateRole.Silo, silo[0], silo[1].Split(',')))
                    .Concat((parse.GetValue(clients) ?? []).Select(client => (CertificateRole.Client, client, Array.Empty<string>())))
                    .Concat((parse.GetValue(portals) ?? []).Select(portal => (CertificateRole.Portal, portal, Array.Empty<string>())));
                return folder.Make([.. wanted]);
            });
    }

    private sealed class CertificateFolder(string directory, Terminal terminal, TimeSpan lifetime)
    {
        private string AuthorityFile => Path.Combine(directory, "ca.pem");

        private string AuthorityKey => Path.Combine(directory, "ca.key");

        public int Make((CertificateRole Role, string Name, string[] Addresses)[] wanted)
        {
            if (wanted.FirstOrDefault(one => one.Name is "ca" || one.Name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)) is { Name: not null } odd)
            {
                throw new CommandFailure($"'{odd.Name}' cannot be a certificate's name: it is a file's");
            }

            try
            {
                using var authority = Authority();
                foreach (var (role, name, addresses) in wanted)
                {
                    var file = Path.Combine(directory, $"{name}.pem");
                    authority.Issue(role, name, addresses, terminal.Clock.GetUtcNow(), lifetime, file, Path.ChangeExtension(file, ".key"));
                    terminal.Out.WriteLine($"{file}: a {PeerCertificates.NameOf(role)}'s certificate, good for {lifetime.TotalDays:0.##} days");
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw new CommandFailure($"{directory}: {fault.Message}", fault);
            }

            return ExitCode.Done;
        }

        private CertificateAuthority Authority()
        {
            if (File.Exists(AuthorityFile))
            {
                return CertificateAuthority.Read(AuthorityFile, AuthorityKey);
            }

            Directory.CreateDirectory(directory);
            var made = CertificateAuthority.Create(terminal.Clock.GetUtcNow());
            made.Write(AuthorityFile, AuthorityKey);
            terminal.Out.WriteLine($"{AuthorityFile}: a new authority");
            return made;
        }
    }
}
