using Federation.Domain.Identity;

namespace Federation.Domain.Events;

/// <summary>What sort of thing happened, as <c>migration.started</c>: lower case, the subject first.</summary>
/// <param name="Value">The name; an open set, so that each part of the service names its own.</param>
public readonly record struct EventKind(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Something that happened in the federation and that people or programs may want to follow.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Application">The application that it is about; null: none.</param>
/// <param name="Site">The site that it is about; null: none.</param>
/// <param name="Text">One sentence for people.</param>
/// <param name="At">When it happened.</param>
/// <param name="DetailJson">More for programs, one JSON value; null: none.</param>
public sealed record FederationEvent(
    EventKind Kind, AppId? Application, SiteId? Site, string Text, DateTimeOffset At, string? DetailJson = null);

/// <summary>An event with its place in the log.</summary>
/// <param name="Sequence">At least 1, higher than that of every event before it; never given out twice.</param>
/// <param name="Event">The event.</param>
public readonly record struct LoggedEvent(long Sequence, FederationEvent Event);
