using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Silo.Secrets;

/// <summary>Secrets in a folder, a file <c>TENANT/NAME</c> each, as secret stores mount them. Read anew each time: a secret that was changed counts at once.</summary>
/// <param name="folder">The folder; empty: there are no secrets.</param>
internal sealed class FolderSecrets(string folder) : ISecrets
{
    /// <summary>The largest secret, bytes: a private key and its certificates have room.</summary>
    public const int MostBytes = 64 << 10;

    /// <inheritdoc/>
    public async Task<string?> Find(TenantId tenant, string name, CancellationToken cancel)
    {
        // Neither may lead out of the tenant's own folder, whatever a name may be elsewhere.
        if (folder.Length == 0 || !IsOneName(tenant.Value) || !IsOneName(name))
        {
            return null;
        }

        var file = new FileInfo(Path.Combine(folder, tenant.Value, name));
        if (!file.Exists)
        {
            return null;
        }

        if (file.Length > MostBytes)
        {
            throw new IOException($"the secret {tenant}/{name} in {folder} has {file.Length} bytes, more than {MostBytes}: make it smaller");
        }

        // The one line feed at its end is the editor's.
        return await File.ReadAllTextAsync(file.FullName, cancel) is var text && text.EndsWith('\n') ? text[..^1] : text;
    }

    private static bool IsOneName(string name) => name.Length > 0 && name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '\\', '\0');
}
