using System.Text.Json.Serialization;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Reconciling;

/// <summary>What does not fit together.</summary>
public enum FindingKind
{
    /// <summary>A place whose time is over is on a ledger yet.</summary>
    PlaceExpired,

    /// <summary>A place is kept for a VM, or an application, that does not exist.</summary>
    PlaceOfNobody,

    /// <summary>A place is kept for a VM that is not there, and nobody brings it.</summary>
    PlaceWithoutVm,

    /// <summary>A VM runs where the ledger has no place for it, or awaits it yet.</summary>
    VmWithoutPlace,

    /// <summary>The service has a VM elsewhere than the hypervisors.</summary>
    LocationDiffers,

    /// <summary>Hypervisors have seen a newer epoch of a VM: they refuse what the service orders.</summary>
    EpochBehind,

    /// <summary>A plan that has ended keeps its application from being changed.</summary>
    ClaimOfEndedPlan,

    /// <summary>The directory lacks an application.</summary>
    NotListed,

    /// <summary>The directory lists a life of an application that has ended.</summary>
    ListedInVain,

    /// <summary>A life of an application was in use that is newer than the service knows: the next one must not be taken for it.</summary>
    IncarnationBehind,

    /// <summary>A VM runs that the service does not know.</summary>
    RunsForNobody,

    /// <summary>A VM runs at several places.</summary>
    RunsTwice,

    /// <summary>A copy of a VM is left of a migration that nobody carries out.</summary>
    CopyLeft,

    /// <summary>A site or its hypervisor does not answer: what is there is not known.</summary>
    SiteSilent,

    /// <summary>A VM runs where its site would not let it come any more: a limit was tightened, or has been used up. It stays.</summary>
    OutsideLimit,
}

/// <summary>One thing that does not fit. A value: the same in two looks is equal.</summary>
/// <param name="Kind">What.</param>
/// <param name="Application">The application; null: it is about a site.</param>
/// <param name="Vm">The VM; null: it is about no single one.</param>
/// <param name="At">Where: of a place, its site and offer; of a VM, where it runs.</param>
/// <param name="Site">The site, where it is about one only.</param>
/// <param name="Said">Where the service has the VM.</param>
/// <param name="Reservation">What the place is kept for.</param>
/// <param name="Epoch">The newest epoch that hypervisors know.</param>
/// <param name="Plan">The plan.</param>
/// <param name="By">What of its site's description the VM stands outside of.</param>
public sealed record Finding(
    FindingKind Kind,
    AppId? Application = null,
    VmId? Vm = null,
    Location? At = null,
    SiteId? Site = null,
    Location? Said = null,
    string? Reservation = null,
    long Epoch = 0,
    PlanId? Plan = null,
    Refusal? By = null)
{
    /// <summary>The same without figures that change as time passes: it tells whether a later look finds the same again.</summary>
    [JsonIgnore]
    public Finding Subject => By is null ? this : this with { By = null };

    /// <summary>What makes it fit again; null: only a person can decide that.</summary>
    [JsonIgnore]
    public Repair? Repair => Kind switch
    {
        FindingKind.PlaceExpired or FindingKind.PlaceOfNobody or FindingKind.PlaceWithoutVm => new Repair.FreePlace(Of, At!.Value.Site, Reservation!),
        FindingKind.VmWithoutPlace => new Repair.KeepPlace(Of, At!.Value),
        FindingKind.LocationDiffers or FindingKind.EpochBehind => new Repair.Locate(Of, At, Epoch),
        FindingKind.ClaimOfEndedPlan => new Repair.EndClaim(Plan!.Value),
        FindingKind.NotListed => new Repair.List(Application!.Value),
        FindingKind.ListedInVain => new Repair.Unlist(Application!.Value),
        FindingKind.IncarnationBehind => new Repair.SkipIncarnation(Application!.Value),
        _ => null,
    };

    /// <summary>Whether one look is enough: what it is about is over whatever else happens.</summary>
    [JsonIgnore]
    public bool IsCertain => Kind == FindingKind.PlaceExpired;

    private VmRef Of => new(Application!.Value, Vm!.Value);
}

/// <summary>What makes a finding fit again. It can be repeated, and does nothing where things are as they should be by then.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "repair")]
[JsonDerivedType(typeof(FreePlace), "freePlace")]
[JsonDerivedType(typeof(KeepPlace), "keepPlace")]
[JsonDerivedType(typeof(Locate), "locate")]
[JsonDerivedType(typeof(EndClaim), "endClaim")]
[JsonDerivedType(typeof(List), "list")]
[JsonDerivedType(typeof(Unlist), "unlist")]
[JsonDerivedType(typeof(SkipIncarnation), "skipIncarnation")]
public abstract record Repair
{
    /// <summary>A place is given back, if it is still kept for the same.</summary>
    public sealed record FreePlace(VmRef Vm, SiteId Site, string Reservation) : Repair;

    /// <summary>A VM that runs there gets its place, whatever the site allows.</summary>
    public sealed record KeepPlace(VmRef Vm, Location At) : Repair;

    /// <summary>The service knows the VM where hypervisors have it, null for nowhere, and gives out newer epochs than they have seen.</summary>
    public sealed record Locate(VmRef Vm, Location? At, long Epoch) : Repair;

    /// <summary>The application is free for the next operation.</summary>
    public sealed record EndClaim(PlanId Plan) : Repair;

    /// <summary>The directory lists the application.</summary>
    public sealed record List(AppId Application) : Repair;

    /// <summary>The directory lists the application no more.</summary>
    public sealed record Unlist(AppId Application) : Repair;

    /// <summary>The next life of the name is a later one.</summary>
    public sealed record SkipIncarnation(AppId Application) : Repair;
}
