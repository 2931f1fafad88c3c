namespace Federation.Api;

/// <summary>One thing that happened.</summary>
/// <param name="Sequence">Counts all events from 1.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Application">The application that it concerns, if one.</param>
/// <param name="Site">The site that it concerns, if one.</param>
/// <param name="Text">What happened, for people.</param>
public sealed record EventDocument(
    long Sequence, DateTimeOffset At, string Kind, string? Application, string? Site, string Text);
