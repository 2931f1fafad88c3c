using System.Globalization;
using Federation.Domain.Identity;

namespace Federation.Domain.Refusals;

// What keeps a plan from being applied, and what stops it half-way.
public sealed partial record Refusal
{
    /// <summary>No plan has this name.</summary>
    public static Refusal PlanUnknown(string plan) => new(RefusalCode.PlanUnknown, new() { Plan = plan });

    /// <summary>The plan neither brings a VM to the site nor takes one away.</summary>
    public static Refusal PlanNotAtSite(string plan, SiteId site) => new(RefusalCode.PlanNotAtSite, new() { Plan = plan, Site = site });

    /// <summary>The plan has failed before.</summary>
    public static Refusal PlanFailed(string plan) => new(RefusalCode.PlanFailed, new() { Plan = plan });

    /// <summary>The plan holds no placement.</summary>
    public static Refusal PlanInfeasible(string plan) => new(RefusalCode.PlanInfeasible, new() { Plan = plan });

    /// <summary>Stale: the gain, computed anew in the objective's unit, does not beat what it has to beat any more.</summary>
    public static Refusal PlanGainGone(string plan, double gain, double needed) =>
        new(RefusalCode.PlanGainGone, new() { Plan = plan, Limit = gain, Needed = needed });

    /// <summary>Stale: a site refuses a step.</summary>
    public static Refusal PlanSiteRefuses(string plan, SiteId site, Refusal cause) =>
        new(RefusalCode.PlanSiteRefuses, new() { Plan = plan, Site = site, Cause = cause });

    /// <summary>Stale: the plan breaks a limit of its application, or a rule of no site in particular.</summary>
    public static Refusal PlanBreaksLimit(string plan, Refusal cause) => new(RefusalCode.PlanBreaksLimit, new() { Plan = plan, Cause = cause });

    /// <summary>Stale: the application was described anew.</summary>
    public static Refusal PlanApplicationChanged(string plan, AppId application) =>
        new(RefusalCode.PlanApplicationChanged, new() { Plan = plan, Application = application });

    /// <summary>Stale: a VM runs elsewhere than the plan has it; null: nowhere.</summary>
    public static Refusal PlanVmElsewhere(string plan, VmRef vm, Location? at) => new(
        RefusalCode.PlanVmElsewhere, new() { Plan = plan, Application = vm.Application, Vm = vm.Vm, Site = at?.Site, Offer = at?.Offer });

    /// <summary>A newer plan took its place.</summary>
    public static Refusal PlanSuperseded(string plan, string by) => new(RefusalCode.PlanSuperseded, new() { Plan = plan, Instead = by });

    /// <summary>Somebody has cancelled it.</summary>
    public static Refusal PlanCancelled(string plan, string by) => new(RefusalCode.PlanCancelled, new() { Plan = plan, By = by });

    /// <summary>Another plan of the application is being applied.</summary>
    /// <param name="busy">That plan.</param>
    public static Refusal PlanBusy(string busy) => new(RefusalCode.PlanBusy, new() { Plan = busy });

    /// <summary>The application is being changed.</summary>
    public static Refusal ApplicationChanging(AppId application) => new(RefusalCode.ApplicationChanging, new() { Application = application });

    /// <summary>The application is being deleted.</summary>
    public static Refusal ApplicationDeleting(AppId application) => new(RefusalCode.ApplicationDeleting, new() { Application = application });

    /// <summary>The application was deleted.</summary>
    public static Refusal ApplicationDeleted(AppId application) => new(RefusalCode.ApplicationDeleted, new() { Application = application });

    /// <summary>A site gave no place.</summary>
    public static Refusal NoPlace(SiteId site, Refusal cause) => new(RefusalCode.NoPlace, new() { Site = site, Cause = cause });

    /// <summary>A migration has waited as long as it may.</summary>
    /// <param name="seconds">For so long.</param>
    /// <param name="cause">What it waited for.</param>
    public static Refusal WaitedTooLong(double seconds, Refusal cause) => new(RefusalCode.WaitedTooLong, new() { Limit = seconds, Cause = cause });

    /// <summary>A VM's migration was rolled back.</summary>
    public static Refusal VmDidNotMove(VmId vm, Location to, Refusal cause) =>
        new(RefusalCode.VmDidNotMove, new() { Vm = vm, Site = to.Site, Offer = to.Offer, Cause = cause });

    /// <summary>A VM did not start, after some others had.</summary>
    public static Refusal VmDidNotStart(VmId vm, Location at, Refusal cause, int started, int among) => new(
        RefusalCode.VmDidNotStart, new() { Vm = vm, Site = at.Site, Offer = at.Offer, Cause = cause, Limit = started, Needed = among });

    /// <summary>A VM cannot be taken over where it is said to run.</summary>
    public static Refusal VmNotAdopted(VmId vm, Location at, Refusal cause) =>
        new(RefusalCode.VmNotAdopted, new() { Vm = vm, Site = at.Site, Offer = at.Offer, Cause = cause });

    /// <summary>A VM that runs is missing in a new description.</summary>
    public static Refusal VmLeftOut(VmId vm, Location at) => new(RefusalCode.VmLeftOut, new() { Vm = vm, Site = at.Site, Offer = at.Offer });

    /// <summary>The application has no VM of this name.</summary>
    public static Refusal VmUnknown(AppId application, VmId vm) => new(RefusalCode.VmUnknown, new() { Application = application, Vm = vm });

    /// <summary>The VM runs nowhere yet: it can be placed, not moved.</summary>
    public static Refusal VmNowhere(AppId application, VmId vm) => new(RefusalCode.VmNowhere, new() { Application = application, Vm = vm });

    /// <summary>The VM is at the site already.</summary>
    public static Refusal VmThere(AppId application, VmId vm, SiteId site) => new(RefusalCode.VmThere, new() { Application = application, Vm = vm, Site = site });

    /// <summary>The VM is the only one that its application has: without it there is no application.</summary>
    public static Refusal LastVm(AppId application, VmId vm) => new(RefusalCode.LastVm, new() { Application = application, Vm = vm });

    /// <summary>A VM is said to run elsewhere than it does.</summary>
    public static Refusal VmElsewhere(VmId vm, Location at, Location said) =>
        new(RefusalCode.VmElsewhere, new() { Vm = vm, Site = at.Site, Offer = at.Offer, Detail = $"{said}" });

    /// <summary>The description in force is another one than the caller named; null: there is none.</summary>
    public static Refusal VersionDiffers(AppId application, string? version) =>
        new(RefusalCode.VersionDiffers, new() { Application = application, Detail = version });

    /// <summary>A site's description in force is another one than the caller named; 0: there is none.</summary>
    public static Refusal RevisionDiffers(SiteId site, long revision) =>
        new(RefusalCode.VersionDiffers, new() { Site = site, Detail = revision == 0 ? null : revision.ToString(CultureInfo.InvariantCulture) });

    /// <summary>A refusal that an earlier version stored as a sentence.</summary>
    /// <param name="sentence">The sentence.</param>
    public static Refusal Told(string sentence) => new(RefusalCode.Told, new() { Detail = sentence });

    /// <summary>A hypervisor failed.</summary>
    /// <param name="message">Its own words.</param>
    public static Refusal Hypervisor(string message) => new(RefusalCode.Hypervisor, new() { Detail = message });

    /// <summary>It is not known whether a call for a VM took effect at a site.</summary>
    public static Refusal OutcomeUnknown(SiteId site, VmRef vm) =>
        new(RefusalCode.OutcomeUnknown, new() { Site = site, Application = vm.Application, Vm = vm.Vm });
}
