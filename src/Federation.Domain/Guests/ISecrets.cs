using Federation.Domain.Identity;

namespace Federation.Domain.Guests;

/// <summary>Where a tenant's secrets are. Asked when a VM starts; what it says is passed on and kept nowhere.</summary>
public interface ISecrets
{
    /// <summary>A secret of a tenant; null: the tenant has none of that name.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    Task<string?> Find(TenantId tenant, string name, CancellationToken cancel);
}

/// <summary>Puts a tenant's secrets into a VM's user data.</summary>
public static class GuestSecrets
{
    /// <summary>The VM with its secrets put in; the names of those that are missing, and no VM, if any is.</summary>
    public static async Task<(GuestSpec? Guest, IReadOnlyCollection<string> Missing)> PutIn(this ISecrets secrets, GuestSpec guest, CancellationToken cancel)
    {
        if (guest.UserData is not { } text || SecretReferences.In(text) is not { IsEmpty: false } names)
        {
            return (guest, []);
        }

        var (found, missing) = (new Dictionary<string, string>(), new List<string>());
        foreach (var name in names)
        {
            if (await secrets.Find(guest.Vm.Application.Tenant, name, cancel) is { } secret)
            {
                found.Add(name, secret);
            }
            else
            {
                missing.Add(name);
            }
        }

        return missing.Count > 0 ? (null, missing) : (guest with { UserData = SecretReferences.PutIn(text, found) }, missing);
    }
}
