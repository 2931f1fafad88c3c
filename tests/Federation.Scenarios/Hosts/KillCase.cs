using System.Collections.Immutable;

namespace Federation.Scenarios.Hosts;

/// <summary>What is killed, and when: chosen by a seed, so that a run can be done again.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Move">Between which hosts the VM moves.</param>
/// <param name="Phase">In which phase of the move.</param>
/// <param name="Victim">What is killed.</param>
/// <param name="After">How long after the phase was seen first.</param>
/// <param name="Away">How long what is killed or cut stays so.</param>
/// <param name="IsFenced">Whether a host that is lost is fenced; otherwise it comes back.</param>
internal sealed record KillCase(int Seed, MoveKind Move, string Phase, Victim Victim, TimeSpan After, TimeSpan Away, bool IsFenced)
{
    /// <summary>The phases of a move, as the service names them.</summary>
    public static readonly ImmutableArray<string> Phases = ["reserve", "preCopy", "stopAndCopy", "redirect", "activate", "updateNetwork"];

    // Coprime to the number of combinations, so that a few seeds in a row have little in common, and as many as there are have all.
    private const int Stride = 53;

    // A fence waits until the host counts as lost, half a minute.
    private const int FencedOf = 5;

    // The copying takes a second in the lab, and switching off before a cold move half of one; all else takes some milliseconds.
    private static readonly TimeSpan LongestCopying = TimeSpan.FromMilliseconds(1000);
    private static readonly TimeSpan LongestOther = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan LongestAway = TimeSpan.FromSeconds(3);

    /// <summary>How many combinations of move, phase and victim there are; as many seeds in a row have each once.</summary>
    public static int Combinations => Enum.GetValues<MoveKind>().Length * Phases.Length * Enum.GetValues<Victim>().Length;

    /// <summary>The case of a seed, from 1.</summary>
    public static KillCase Of(int seed)
    {
        var number = seed * Stride % Combinations;
        var random = new Random(seed);
        var victims = Enum.GetValues<Victim>();
        var move = (MoveKind)(number / victims.Length / Phases.Length);
        var phase = Phases[number / victims.Length % Phases.Length];
        return new(
            seed,
            move,
            phase,
            victims[number % victims.Length],
            (phase != "preCopy" ? LongestOther : move == MoveKind.Cold ? HostedLab.PowerDown : LongestCopying) * random.NextDouble(),
            LongestAway * random.NextDouble(),
            random.Next(FencedOf) == 0);
    }
}

/// <summary>Between which hosts a VM moves.</summary>
internal enum MoveKind
{
    /// <summary>Two hosts of two sites.</summary>
    BetweenSites,

    /// <summary>Two hosts of one site.</summary>
    WithinSite,

    /// <summary>Two hosts of two sites that let no VM move live.</summary>
    Cold,
}

/// <summary>What is killed.</summary>
internal enum Victim
{
    /// <summary>The process that holds the VM.</summary>
    SourceQemu,

    /// <summary>The process that is filled with it.</summary>
    DestinationQemu,

    /// <summary>The agent of the host that it leaves.</summary>
    SourceAgent,

    /// <summary>The agent of the host that it goes to.</summary>
    DestinationAgent,

    /// <summary>The agent of the host that it leaves: it is stopped and started, as for an upgrade.</summary>
    SourceAgentUpgrade,

    /// <summary>The agent of the host that it goes to: it is stopped and started, as for an upgrade.</summary>
    DestinationAgentUpgrade,

    /// <summary>All processes of the host that it leaves.</summary>
    SourceHost,

    /// <summary>All processes of the host that it goes to.</summary>
    DestinationHost,

    /// <summary>The silo of the site that it leaves.</summary>
    SourceSilo,

    /// <summary>The other silo, where the VM goes to another site: that site's.</summary>
    OtherSilo,

    /// <summary>The silo of the site that it leaves: it is stopped and started, as for an upgrade.</summary>
    SourceSiloUpgrade,

    /// <summary>The other silo: it is stopped and started, as for an upgrade.</summary>
    OtherSiloUpgrade,

    /// <summary>The database.</summary>
    Database,

    /// <summary>The network between the hosts: it is cut, and healed after a while.</summary>
    Link,

    /// <summary>The way from the source's host to the service: it is cut, and healed after a while.</summary>
    SourceLine,

    /// <summary>The way from the destination's host to the service: it is cut, and healed after a while.</summary>
    DestinationLine,
}
