using Federation.Domain.Applications;
using Federation.Domain.Hosts;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Estimation;

/// <summary>What stands against a live move.</summary>
internal enum LiveObstacle
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The old site lets no VM move live.</summary>
    OldSite,

    /// <summary>The new site lets no VM move live.</summary>
    NewSite,

    /// <summary>Only one of the two sites has hosts: their hypervisors do not know each other, so that nothing can be copied either.</summary>
    OtherHypervisor,

    /// <summary>The hosts of the two sites have no hardware in common that the VM could believe to run on.</summary>
    Hardware,

    /// <summary>What is written is written as fast as it is sent.</summary>
    NeverEnds,

    /// <summary>The VM would stand still for too long.</summary>
    Downtime,

    /// <summary>It would take too long.</summary>
    Duration,
}

/// <summary>A live move of one VM: what it sends and takes, or what stands against it.</summary>
/// <param name="Estimate">What it sends and takes, also where that is more than it may; null: it would not end, or may not be.</param>
/// <param name="Obstacle">What stands against it.</param>
/// <param name="Limit">How much there may be: bytes per second, or seconds.</param>
/// <param name="Needed">How much there would have to be.</param>
internal readonly record struct LiveMove(MigrationEstimate? Estimate, LiveObstacle Obstacle, double Limit = 0, double Needed = 0);

/// <summary>How one VM moves over one link: live where that can be, cold where its application allows that.</summary>
/// <param name="vm">The VM.</param>
/// <param name="application">Its application.</param>
/// <param name="from">The site that it leaves.</param>
/// <param name="to">The site where it goes.</param>
/// <param name="link">The link between them.</param>
/// <param name="options">The constants of the model.</param>
internal readonly struct MoveProspects(VmSpec vm, Application application, Site from, Site to, Link link, PreCopyOptions options)
{
    // Of a memory that is rewritten faster than that share of the link, that much is let through where processors may be slowed down.
    private const double SlowedShare = 0.5;

    private MoveTerms Terms => new(application.Moves, from.Policy.Moves, to.Policy.Moves);

    // What it believes to run on was picked so that it can move, where that could be.
    private CommonHardware Common => CommonHardware.Of(
        vm.Guest?.Hardware ?? new(), new[] { from, to }.SelectMany(site => site.HostShapes ?? []).Select(shape => shape.Hypervisor));

    private double BytesPerSecond => Math.Min(link.BytesPerSecond, Terms.BytesPerSecond ?? double.PositiveInfinity);

    /// <summary>What the move sends and takes, as it would be made; null: it cannot be.</summary>
    public MigrationEstimate? Best()
    {
        var live = Live();
        return live.Obstacle == LiveObstacle.None ? live.Estimate : IsColdInstead(live.Obstacle) && Cold() is var cold && !IsTooLong(cold) ? cold : null;
    }

    /// <summary>Why it cannot move, neither live nor cold; only where <see cref="Best"/> has none.</summary>
    public Refusal Against() => IsColdInstead(Live().Obstacle) && Cold() is var cold && IsTooLong(cold)
        ? Refusal.ColdDowntime(from.Id, to.Id, vm.Id, application.ColdMoves!.Downtime!.Value.TotalSeconds, cold.DowntimeSeconds)
        : AgainstLive()!;

    /// <summary>Why it cannot move live; null: it can.</summary>
    public Refusal? AgainstLive()
    {
        var (live, id) = (Live(), vm.Id);
        return live.Obstacle switch
        {
            LiveObstacle.OldSite => Refusal.MoveNotLive(from.Id, to.Id, id, from.Id),
            LiveObstacle.NewSite => Refusal.MoveNotLive(from.Id, to.Id, id, to.Id),
            LiveObstacle.OtherHypervisor => Refusal.MoveWithoutHosts(from.Id, to.Id, id, from.HasHosts ? to.Id : from.Id),
            LiveObstacle.Hardware => Refusal.MoveHardware(from.Id, to.Id, id, Common.Lacks!),
            LiveObstacle.NeverEnds => Refusal.MigrationNeverEnds(from.Id, to.Id, id, live.Limit, live.Needed),
            LiveObstacle.Downtime => Refusal.MoveDowntime(from.Id, to.Id, id, live.Limit, live.Needed),
            LiveObstacle.Duration => Refusal.MoveDuration(from.Id, to.Id, id, live.Limit, live.Needed),
            _ => null,
        };
    }

    // A limit that is missed is the application's to decide; what cannot be live at all is cold where cold moves are allowed.
    private bool IsColdInstead(LiveObstacle obstacle) => application.ColdMoves is not null
        && obstacle != LiveObstacle.OtherHypervisor
        && (obstacle is not (LiveObstacle.Downtime or LiveObstacle.Duration) || application.Moves.WhenMissed == MissedLimit.Cold);

    private bool IsTooLong(MigrationEstimate cold) => cold.DowntimeSeconds > application.ColdMoves!.Downtime?.TotalSeconds;

    private LiveMove Live()
    {
        if (from.HasHosts != to.HasHosts)
        {
            return new(null, LiveObstacle.OtherHypervisor);
        }

        if (!from.Policy.Moves.Live || !to.Policy.Moves.Live)
        {
            return new(null, from.Policy.Moves.Live ? LiveObstacle.NewSite : LiveObstacle.OldSite);
        }

        if (from.HostShapes is { IsEmpty: false } && to.HostShapes is { IsEmpty: false } && Common.Lacks is not null)
        {
            return new(null, LiveObstacle.Hardware);
        }

        var asItIs = Live(vm.DirtyBytesPerSecond);
        var slowed = SlowedShare * (BytesPerSecond - vm.DiskBytesWrittenPerSecond);
        return asItIs.Obstacle != LiveObstacle.None && Terms.AutoConverge && 0 < slowed && slowed < vm.DirtyBytesPerSecond ? Slowed(Live(slowed), slowed) : asItIs;
    }

    // Slowed down as much as its memory is: so much of the work is not done while it is copied.
    private LiveMove Slowed(LiveMove move, double dirty) => move.Estimate is not { } estimate ? move : move with
    {
        Estimate = estimate with { LostSeconds = (estimate.DurationSeconds - estimate.DowntimeSeconds) * (1 - (dirty / vm.DirtyBytesPerSecond)) },
    };

    private LiveMove Live(double dirty)
    {
        var longest = Terms.DowntimeSeconds;
        // What is left to be sent has the downtime for itself, but for the time that the VM takes to run on.
        var model = longest is { } whole ? options with { DowntimeBudgetSeconds = Math.Max(whole - options.ResumeSeconds, 0) } : options;
        if (PreCopy.Estimate(new(vm.MemoryBytes, dirty, vm.DiskBytesSent, vm.DiskBytesWrittenPerSecond), BytesPerSecond, model) is not { } estimate)
        {
            return new(null, LiveObstacle.NeverEnds, BytesPerSecond, dirty + vm.DiskBytesWrittenPerSecond);
        }

        return application.Moves.WhenMissed == MissedLimit.Exceed ? new(estimate, LiveObstacle.None)
            : estimate.DowntimeSeconds > longest ? new(estimate, LiveObstacle.Downtime, longest.Value, estimate.DowntimeSeconds)
            : estimate.DurationSeconds > Terms.DurationSeconds ? new(estimate, LiveObstacle.Duration, Terms.DurationSeconds.Value, estimate.DurationSeconds)
            : new(estimate, LiveObstacle.None);
    }

    // It stands still from its stop until it works again; nothing is written meanwhile.
    private MigrationEstimate Cold()
    {
        var cold = application.ColdMoves!;
        var seconds = (vm.DiskBytesSent / BytesPerSecond) + cold.Boot.TotalSeconds;
        return new(vm.DiskBytesSent, seconds, seconds, 0) { IsCold = true, LostSeconds = cold.LostWork.TotalSeconds };
    }
}
