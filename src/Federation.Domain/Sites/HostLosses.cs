using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Domain.Sites;

/// <summary>A VM that was on a host and runs there no more.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Host">The host.</param>
/// <param name="Cause">Why.</param>
/// <param name="At">When that was found.</param>
public sealed record LostVm(VmRef Vm, string Host, LossCause Cause, DateTimeOffset At);

/// <summary>Why a VM runs no more where it was.</summary>
public enum LossCause
{
    /// <summary>Its host was fenced.</summary>
    Fenced,

    /// <summary>Its host was switched off and on again.</summary>
    Rebooted,

    /// <summary>Its host is there and has no copy of it any more.</summary>
    Gone,
}

/// <summary>A plan that was asked for to empty a host of one application's VMs.</summary>
/// <param name="Host">The host.</param>
/// <param name="Plan">The plan: its application's VMs leave.</param>
/// <param name="AskedAt">When.</param>
public sealed record DrainPlan(string Host, PlanId Plan, DateTimeOffset AskedAt);

/// <summary>The VMs that were lost with hosts of a site until everybody knows, and the plans that empty hosts. Compared by reference.</summary>
/// <remarks>Immutable; what has to be done stays here until it is done, so that a crash leaves nothing half known.</remarks>
public sealed record HostLosses
{
    /// <summary>None.</summary>
    [JsonIgnore]
    public static HostLosses None { get; } = new();

    /// <summary>How long a host may report a VM missing that has its place there: longer than it takes to tell of one that was just started.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The VMs, each once.</summary>
    public ImmutableArray<LostVm> Vms { get; init; } = [];

    /// <summary>The newest plan of each application that empties a host.</summary>
    public ImmutableArray<DrainPlan> Plans { get; init; } = [];

    /// <summary>Whether a VM is lost and was not told yet.</summary>
    public bool Has(VmRef vm) => Vms.Any(lost => lost.Vm == vm);

    /// <summary>VMs of a host are found to run there no more; those that are known to be lost stay as they are.</summary>
    public HostLosses Lose(IEnumerable<VmRef> vms, string host, LossCause cause, DateTimeOffset now) =>
        vms.Where(vm => !Has(vm)).Select(vm => new LostVm(vm, host, cause, now)).ToList() is { Count: > 0 } more ? this with { Vms = [.. Vms, .. more] } : this;

    /// <summary>The applications of VMs know of their loss.</summary>
    public HostLosses Told(IReadOnlyCollection<VmRef> vms) => vms.Count == 0 ? this : this with { Vms = Vms.RemoveAll(lost => vms.Contains(lost.Vm)) };

    /// <summary>A plan was asked for; it takes the place of an earlier one of its application.</summary>
    public HostLosses Asked(DrainPlan plan) => this with
    {
        Plans = [.. Plans.Where(known => known.Host != plan.Host || known.Plan.Application != plan.Plan.Application), plan],
    };

    /// <summary>A host is not emptied any more.</summary>
    public HostLosses Undrained(string host) => Plans.Any(plan => plan.Host == host) ? this with { Plans = Plans.RemoveAll(plan => plan.Host == host) } : this;

    /// <summary>The VMs that have their place on a host and of which the host has no copy; such as take part in a migration are left aside.</summary>
    public static ImmutableArray<VmRef> Missing(SiteLedger ledger, string host, HostReport report) =>
        [.. ledger.LostWith(host).Except(report.Guests.Select(guest => guest.Sighting.Vm))];
}
