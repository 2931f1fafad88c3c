using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Access;

/// <summary>Who may do one thing. Federation administrators and the service itself always may. Holds a list: compared by reference.</summary>
/// <param name="Roles">The roles that may, besides those two.</param>
/// <param name="OwnSite">Whether a site administrator may only if the object's site is its own.</param>
public sealed record AccessRule(ImmutableArray<Role> Roles, bool OwnSite = false)
{
    /// <summary>Whether a caller may, whatever the request is about: then nobody needs to find that out.</summary>
    public bool Grants(Caller caller) => caller.Has(Role.FederationAdmin) || caller.Has(Role.Service)
        || Roles.Any(role => caller.Has(role) && role is not (Role.Tenant or Role.Host) && !(role == Role.SiteAdmin && OwnSite));

    /// <summary>Decides on one request.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="target">What it is about.</param>
    public Admission Check(Caller caller, AccessTarget target)
    {
        if (Grants(caller))
        {
            return new Admission.Granted();
        }

        var answers = Roles.Where(caller.Has).Select(role => Check(role, caller, target)).ToList();
        return answers.OfType<Admission.Granted>().FirstOrDefault()
            ?? answers.OfType<Admission.Hidden>().FirstOrDefault()
            ?? answers.FirstOrDefault()
            ?? new Admission.Forbidden($"this is for {NamesOf(Roles.Append(Role.FederationAdmin))}; the token's roles are {NamesOf(caller.Roles)}");
    }

    private Admission Check(Role role, Caller caller, AccessTarget target) => role switch
    {
        Role.Tenant when target.Owner is { } owner && !caller.Tenants.Contains(owner) => new Admission.Hidden(),
        Role.SiteAdmin when OwnSite && target.Site is { } site && !caller.Sites.Contains(site) => new Admission.Forbidden(
            $"{site} is not a site of {caller.Name}, who administrates {(caller.Sites.IsEmpty ? "none" : string.Join(", ", caller.Sites))}"),
        Role.Host when target.Host is { } host && caller.Host != host => new Admission.Forbidden(
            $"{host} is not the host of {caller.Name}, which is the agent of {caller.Host?.ToString() ?? "none"}"),
        _ => new Admission.Granted(),
    };

    private static string NamesOf(IEnumerable<Role> roles) =>
        string.Join(", ", roles.Distinct().Select(RoleName.Of)) is { Length: > 0 } names ? names : "none";
}

/// <summary>What a request is about, as far as access goes.</summary>
/// <param name="Owner">The tenant whose it is; null: nobody's, or it does not exist.</param>
/// <param name="Site">The site that it belongs to; null: none.</param>
/// <param name="Host">The host whose agent's it is; null: no agent's.</param>
public readonly record struct AccessTarget(TenantId? Owner, SiteId? Site, HostPost? Host = null);

/// <summary>What was decided on a request.</summary>
public abstract record Admission
{
    private Admission()
    {
    }

    /// <summary>It may go on.</summary>
    public sealed record Granted : Admission;

    /// <summary>The object is another tenant's: for this caller there is no such thing.</summary>
    public sealed record Hidden : Admission;

    /// <summary>A no.</summary>
    /// <param name="Reason">Why, for the caller.</param>
    public sealed record Forbidden(string Reason) : Admission;
}
