using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Federation.Domain.Applications;

/// <summary>Which description of an application is in force. It never comes again, not in a later life of the name either. Text form <c>3.12</c>.</summary>
/// <param name="Incarnation">The life of the name, counted from 1.</param>
/// <param name="Revision">The description in that life, counted from 1.</param>
public readonly record struct ApplicationVersion(int Incarnation, long Revision)
{
    /// <summary>Reads the text form.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ApplicationVersion version)
    {
        var parts = text?.Split('.') ?? [];
        version = parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var incarnation)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? new(incarnation, revision)
            : default;
        return version.Incarnation > 0;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Incarnation}.{Revision}");
}

/// <summary>What has to hold of the description in force, so that a change is made. Compared by reference.</summary>
public sealed record ChangeCondition
{
    /// <summary>Every description will do, and none.</summary>
    public static ChangeCondition None { get; } = new();

    /// <summary>Whether there has to be a description.</summary>
    public bool Exists { get; init; }

    /// <summary>Whether there must be none yet.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>The versions of which it has to be one; null: any.</summary>
    public ImmutableArray<ApplicationVersion>? OneOf { get; init; }

    /// <summary>The versions of which it must be none; null: any will do.</summary>
    public ImmutableArray<ApplicationVersion>? NoneOf { get; init; }

    /// <summary>Whether it holds of a version, or of there being none.</summary>
    public bool Holds(ApplicationVersion? version) => version is { } now
        ? !IsAbsent && OneOf?.Contains(now) != false && NoneOf?.Contains(now) != true
        : !Exists && OneOf is null;
}
