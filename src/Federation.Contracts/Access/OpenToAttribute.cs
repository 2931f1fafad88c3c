using Federation.Domain.Access;

namespace Federation.Contracts.Access;

/// <summary>
/// Who may call a grain's method from outside, besides federation administrators and the service itself. A method without it is for the
/// service's grains alone.
/// </summary>
/// <param name="roles">The roles.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpenToAttribute(params Role[] roles) : Attribute
{
    /// <summary>The roles.</summary>
    public IReadOnlyList<Role> Roles { get; } = roles;

    /// <summary>Whether a site administrator may only for its own site.</summary>
    public bool OwnSite { get; init; }

    /// <summary>As a rule.</summary>
    public AccessRule Rule => new([.. Roles], OwnSite);
}
