using System.Text.Json.Serialization;

namespace Federation.Domain.Applications;

/// <summary>What a live move of an application's VM has to keep to. A site may ask for less.</summary>
public sealed record MoveLimits
{
    /// <summary>The longest that a VM may stand still; null: as the planner takes it, 0.3 s.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>The longest that a move may take, its downtime included; null: any time.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Whether a VM's processors may be slowed down so that its copying comes to an end. Default false.</summary>
    public bool AutoConverge { get; init; }

    /// <summary>How many moves of its VMs may have begun within 24 hours before the service moves more of them unasked, at least 1; null: any number.</summary>
    public int? PerDay { get; init; }

    /// <summary>What happens where a limit cannot be held. Default: the VM stays.</summary>
    public MissedLimit WhenMissed { get; init; }
}

/// <summary>What happens to a VM whose live move cannot keep to its limits.</summary>
public enum MissedLimit
{
    /// <summary>It stays where it is: no such move is planned, and one under way is taken back.</summary>
    Stay,

    /// <summary>It moves all the same, and stands still for longer.</summary>
    Exceed,

    /// <summary>It moves cold, where its application allows that.</summary>
    Cold,
}

/// <summary>That VMs may be moved cold: stopped, their disks copied, started anew elsewhere.</summary>
/// <param name="LostWork">The run time that is lost with what a VM had in memory, as since its last checkpoint; zero or more.</param>
/// <param name="Boot">From its start until it works again; zero or more.</param>
public sealed record ColdMoves(TimeSpan LostWork, TimeSpan Boot)
{
    /// <summary>How long a VM takes to start where nothing is said.</summary>
    public static TimeSpan UsualBoot { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest that a VM may stand still, from its stop until it works again; null: as long as it takes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Downtime { get; init; }
}

/// <summary>That VMs may change to another offer of the site where they run: stopped, and started anew on it.</summary>
/// <param name="LostWork">The run time that is lost with what a VM had in memory; zero or more.</param>
/// <param name="Boot">From its stop until it works again, more than zero: so long it stands still, and its old place is kept and paid for.</param>
public sealed record Restarts(TimeSpan LostWork, TimeSpan Boot);
