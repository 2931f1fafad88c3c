using System.ComponentModel.DataAnnotations;

namespace Federation.Domain.Groups;

/// <summary>When a change of an application's groups counts.</summary>
public sealed record TrackingOptions
{
    /// <summary>In how many windows running a change has to be seen before it counts. Default 2 windows; 1 takes it at once.</summary>
    [Range(1, 120)]
    public int PersistenceWindows { get; init; } = 2;
}
