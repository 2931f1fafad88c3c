using Federation.Domain.Applications;
using Federation.Sites.Scalars;

namespace Federation.Sites.ApplicationFiles;

/// <summary>The words of an application file that are one of a few.</summary>
internal static class ApplicationWords
{
    /// <summary>What the application wants most.</summary>
    public static readonly Choice<Objective> Objectives =
        new(("cost", Objective.Cost), ("time", Objective.Time), ("utilization", Objective.Utilization));
}
