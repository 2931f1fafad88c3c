using Federation.Domain.Identity;

namespace Federation.Domain.Refusals;

// Why a migration is taken back, and what it waits for.
public sealed partial record Refusal
{
    /// <summary>Somebody has taken a migration back.</summary>
    public static Refusal MigrationCancelled(string by) => new(RefusalCode.MigrationCancelled, new() { By = by });

    /// <summary>There is no such migration, or the caller may not take it back.</summary>
    public static Refusal MigrationUnknown() => new(RefusalCode.MigrationUnknown, new());

    /// <summary>A migration cannot be taken back any more: its VM was told to run elsewhere.</summary>
    /// <param name="at">Where.</param>
    public static Refusal MigrationTooLate(string at) => new(RefusalCode.MigrationTooLate, new() { Detail = at });

    /// <summary>A migration cannot be taken back: it has ended.</summary>
    public static Refusal MigrationHasEnded() => new(RefusalCode.MigrationHasEnded, new());

    /// <summary>The copying failed.</summary>
    /// <param name="detail">The hypervisor's own words.</param>
    public static Refusal TransferFailed(string detail) => new(RefusalCode.TransferFailed, new() { Detail = detail });

    /// <summary>The copying did not get on.</summary>
    /// <param name="seconds">For how long.</param>
    public static Refusal TransferStuck(double seconds) => new(RefusalCode.TransferStuck, new() { Limit = seconds });

    /// <summary>The copy at the destination is gone.</summary>
    /// <param name="at">The destination.</param>
    public static Refusal CopyGone(string at) => new(RefusalCode.CopyGone, new() { Detail = at });

    /// <summary>A VM ran at its destination, and did not live: its network did not answer, or its clock did not tick.</summary>
    public static Refusal VmNotAlive(string detail) => new(RefusalCode.VmNotAlive, new() { Detail = detail });

    /// <summary>The only copy of a VM is gone.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="at">Where it was.</param>
    public static Refusal VmLostOnTheWay(VmRef vm, string at) =>
        new(RefusalCode.VmLostOnTheWay, new() { Application = vm.Application, Vm = vm.Vm, Detail = at });

    /// <summary>A host does not tell what is there.</summary>
    /// <param name="site">Its site.</param>
    /// <param name="host">The host; null: the site's hypervisor.</param>
    public static Refusal HostSilent(SiteId site, string? host) => new(RefusalCode.HostSilent, new() { Site = site, Host = host });

    /// <summary>A copy of a VM is complete and must not run before a host that does not answer was fenced, or answers.</summary>
    /// <param name="site">The host's site.</param>
    /// <param name="host">The host; null: the site's hypervisor.</param>
    public static Refusal WaitsForFencing(SiteId site, string? host) => new(RefusalCode.WaitsForFencing, new() { Site = site, Host = host });

    /// <summary>A VM cannot move between a site that has hosts and one that has none.</summary>
    /// <param name="hosted">The one that has hosts.</param>
    /// <param name="bare">The one that has none.</param>
    public static Refusal HostsAtOneEnd(SiteId hosted, SiteId bare) => new(RefusalCode.HostsAtOneEnd, new() { Site = hosted, To = bare });
}
