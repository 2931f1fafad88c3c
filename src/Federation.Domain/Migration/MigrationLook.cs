using Federation.Domain.Guests;

namespace Federation.Domain.Migration;

/// <summary>Both ends of a migration as they were seen at about the same time.</summary>
/// <param name="Source">The end that the VM comes from.</param>
/// <param name="Destination">The end that it goes to.</param>
public sealed record MigrationLook(EndLook Source, EndLook Destination)
{
    /// <summary>Whether anything but the time that has passed is different in two looks.</summary>
    public static bool HasChanged(MigrationLook before, MigrationLook after) =>
        Timeless(before.Source) != Timeless(after.Source) || Timeless(before.Destination) != Timeless(after.Destination);

    private static EndLook Timeless(EndLook end) => end.Copy is not { Transfer: { } transfer } copy ? end with { Stamp = 0 } : end with
    {
        Stamp = 0,
        Copy = copy with { Transfer = transfer with { ElapsedSeconds = 0, DirtyBytesPerSecond = null, ExpectedDowntimeSeconds = null } },
    };
}

/// <summary>One end of a migration.</summary>
/// <param name="Known">Whether it is known.</param>
/// <param name="Copy">The copy there; null: there is none, or it is not known.</param>
public readonly record struct EndLook(EndKnown Known, GuestSighting? Copy)
{
    /// <summary>How the one who tells calls this state of it, so that a next one can be waited for; 0: it does not.</summary>
    public long Stamp { get; init; }

    /// <summary>The newest epoch of the VM that was seen there; 0: it is not told.</summary>
    public long Epoch { get; init; }

    /// <summary>The end that a hypervisor tells of.</summary>
    public static EndLook Of(GuestSighting? copy) => new(EndKnown.Heard, copy);

    /// <summary>An end that nobody tells of.</summary>
    public static EndLook Unheard => new(EndKnown.Unheard, null);

    /// <summary>An end whose host was fenced: what was there runs no more and never will.</summary>
    public static EndLook Fenced => new(EndKnown.Fenced, null);

    /// <summary>Whether what is there is not known.</summary>
    public bool IsUnheard => Known == EndKnown.Unheard;

    /// <summary>Whether there certainly is no copy.</summary>
    public bool IsGone => Known == EndKnown.Fenced || (Known == EndKnown.Heard && Copy is null);

    /// <summary>Whether there is a copy in a state.</summary>
    public bool Is(GuestState state) => Copy?.State == state;
}

/// <summary>Whether an end of a migration is known.</summary>
public enum EndKnown
{
    /// <summary>Its host tells.</summary>
    Heard,

    /// <summary>Its host does not tell: anything may be there.</summary>
    Unheard,

    /// <summary>Its host was fenced.</summary>
    Fenced,
}
