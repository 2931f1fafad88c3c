using Federation.Domain.Access;

namespace Federation.Contracts.Access;

/// <summary>
/// Who may call a grain's method, besides federation administrators and the service itself. A method without it is for the service alone.
/// </summary>
/// <param name="roles">The roles.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpenToAttribute(params Role[] roles) : Attribute
{
    /// <summary>The roles.</summary>
    public IReadOnlyList<Role> Roles { get; } = roles;

    /// <summary>Whether a site administrator may only for its own site.</summary>
    public bool OwnSite { get; init; }

    /// <summary>Whether it changes something: then each call of a person or a program is in the audit log. Default false.</summary>
    public bool Changes { get; init; }

    /// <summary>As a rule.</summary>
    public AccessRule Rule => new([.. Roles], OwnSite);
}

/// <summary>The answer of a method that changes something, where the answer can be a no: the audit log tells the two apart by it.</summary>
public interface IChangeAnswer
{
    /// <summary>Why nothing was changed, for people; null: it was done, or there was nothing to do.</summary>
    string? Refusal { get; }
}
