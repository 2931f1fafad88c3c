using Federation.Credentials;

namespace Federation.Cli.Service;

/// <summary>The files with which fedctl speaks TLS to a service, and who named them.</summary>
/// <param name="Authority">The authority's certificate, by whose silos are trusted.</param>
/// <param name="Certificate">What is shown to the service.</param>
/// <param name="Key">Its key.</param>
internal sealed record ClientCertificates(ClientCertificates.Named? Authority, ClientCertificates.Named? Certificate, ClientCertificates.Named? Key)
{
    /// <summary>Looks at the options first, then at the environment, then at the context.</summary>
    /// <param name="named">The options.</param>
    /// <param name="environment">Looks a variable up; null if it is not set.</param>
    /// <param name="context">The context.</param>
    /// <param name="path">The context file.</param>
    /// <param name="from">The context's name and file, for people.</param>
    public static ClientCertificates Find(ServiceNaming named, Func<string, string?> environment, Context context, string path, string from)
    {
        Named? One(string? option, string name, string variable, string? remembered) =>
            option is not null ? new(option, name)
            : environment(variable) is { } set ? new(set, variable)
            : remembered is not null ? new(Path.Combine(Path.GetDirectoryName(path)!, remembered), from)
            : null;
        var certificate = One(named.Certificate, "--certificate", "FEDCTL_CERTIFICATE", context.Certificate);
        var key = One(named.Key, "--key", "FEDCTL_KEY", context.Key);
        return new(
            One(named.Authority, "--authority", "FEDCTL_AUTHORITY", context.Authority),
            certificate,
            // A key from elsewhere would be of another certificate.
            certificate is not null && key?.From == from && certificate.From != from ? null : key);
    }

    /// <summary>Reads files.</summary>
    /// <param name="from">Who named them.</param>
    /// <param name="authority">The authority's certificate; null: as the machine trusts.</param>
    /// <param name="certificate">What is shown to the service; null: nothing is.</param>
    /// <param name="key">Its key.</param>
    /// <exception cref="CommandFailure">A file cannot be read.</exception>
    public static ServiceCertificates Read(string from, string? authority, string? certificate, string? key)
    {
        try
        {
            return new(authority, certificate, key);
        }
        catch (InvalidDataException fault)
        {
            throw new CommandFailure($"{from}: {fault.Message}", fault);
        }
    }

    /// <summary>Adds them to what is known of a service.</summary>
    /// <exception cref="CommandFailure">A file cannot be read, or there is a key without its certificate.</exception>
    public ServiceAccess AddTo(ServiceAccess access)
    {
        if (Certificate is null && Key is not null)
        {
            throw new CommandFailure($"{Key.File} (from {Key.From}) is the key of no certificate; name that with --certificate FILE or FEDCTL_CERTIFICATE");
        }

        var from = string.Join(", ", new[] { Authority, Certificate, Key }.OfType<Named>().Select(file => file.From).Distinct());
        return Authority is null && Certificate is null ? access : access with
        {
            Certificates = Read(from, Authority?.File, Certificate?.File, Key?.File),
            AuthorityFrom = Authority is null ? null : $"{Authority}",
            CertificateFrom = Certificate is null ? null : $"{Certificate}",
        };
    }

    /// <summary>A file, and who named it.</summary>
    internal sealed record Named(string File, string From)
    {
        /// <inheritdoc/>
        public override string ToString() => $"{File} (from {From})";
    }
}
