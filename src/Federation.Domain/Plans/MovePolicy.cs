using System.ComponentModel.DataAnnotations;
using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>When VMs are moved without anybody having asked for it: what keeps them from bouncing.</summary>
public sealed record MovePolicy
{
    /// <summary>In how many windows, one after another as they were evaluated, moving has to pay before VMs move. Default 3; 1: at once.</summary>
    [Range(1, 120)]
    public int PersistenceWindows { get; init; } = 3;

    /// <summary>How long a VM stays after it has moved, in seconds, unless staying is not possible. Default 600.</summary>
    [Range(0, 604_800)]
    public double CooldownSeconds { get; init; } = 600;

    /// <summary>
    /// Over how many of the newest windows traffic is averaged for a plan, unless the plan's request says so: longer, and VMs do not move for what
    /// is said for some hours only. Default 10; 2880 are a day.
    /// </summary>
    [Range(1, 2880)]
    public int TrafficWindows { get; init; } = 10;

    /// <summary>
    /// In which time prices are expected to come back to their mean, a deviation falling to 1/e of itself, in seconds; the mean is that of what is
    /// known of the past. Default 0: the present prices are taken to hold on, as list prices do.
    /// </summary>
    [Range(0, 31_536_000)]
    public double PriceReversionSeconds { get; init; }

    /// <summary>How many migrations may be under way at once over one link. Default 1: their estimates count on the whole link.</summary>
    [Range(1, 1000)]
    public int MigrationsPerLink { get; init; } = 1;

    /// <summary>How long before a reservation's end the last VM is to have left, in seconds. Default 120.</summary>
    [Range(0, 86_400)]
    public double LeaveEarlySeconds { get; init; } = 120;

    /// <summary>Whether a plan that need not wait any more is applied without being asked for. Default: it is proposed only.</summary>
    public bool AppliesPlans { get; init; }

    /// <summary>A view of the world with this policy's limits in it.</summary>
    public PlacementView In(PlacementView view) => view with
    {
        MigrationsPerLink = MigrationsPerLink, LeaveEarlySeconds = LeaveEarlySeconds, PriceReversionSeconds = PriceReversionSeconds,
    };
}
