using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Reconciling;

/// <summary>What everybody says at about the same time: ledgers, hypervisors, applications, VM grains, and the directory. Compared by reference.</summary>
/// <param name="Sites">Each site of the directory.</param>
/// <param name="Applications">Each name that anybody mentions, with its present life.</param>
/// <param name="Vms">Each VM that anybody mentions, as its grain knows it.</param>
public sealed record FederationLook(ImmutableArray<SiteLook> Sites, ImmutableArray<ApplicationLook> Applications, ImmutableArray<VmLook> Vms);

/// <summary>What is said at one site.</summary>
/// <param name="Site">The site.</param>
/// <param name="Places">The places on its ledger; null: it does not answer.</param>
/// <param name="Runs">The VMs of which its hypervisor has copies; null: it does not answer.</param>
public sealed record SiteLook(SiteId Site, ImmutableArray<PlaceLook>? Places, ImmutableArray<VmSighting>? Runs);

/// <summary>One place on a ledger.</summary>
/// <param name="Vm">Whose.</param>
/// <param name="Offer">The offer.</param>
/// <param name="Reservation">What it is kept for.</param>
/// <param name="IsHere">Whether the ledger has its VM there; otherwise the VM is awaited.</param>
/// <param name="HasExpired">Whether its time is over.</param>
/// <param name="Outside">What of the site's description it stands outside of; null: it could come now as well.</param>
public sealed record PlaceLook(VmRef Vm, string Offer, string Reservation, bool IsHere, bool HasExpired, Refusal? Outside = null);

/// <summary>An application, as its grain knows it.</summary>
/// <param name="Named">Tenant and name.</param>
/// <param name="Incarnation">The life that is described, or the last that was; 0: none.</param>
/// <param name="Vms">The VMs of its description; null: it is not described, that life has ended or never was.</param>
/// <param name="IsBusy">Whether an operation is under way: then nothing is said of its VMs.</param>
/// <param name="ClaimedBy">The plan that has claimed it and is not under way any more; null: none.</param>
/// <param name="Listed">The life that the directory lists; null: it lists none.</param>
/// <param name="Skipped">Lives up to this one are not given out either; 0: none.</param>
/// <param name="Seen">The newest life that hypervisors have run a VM of, running or not; 0: none, or they do not say.</param>
public sealed record ApplicationLook(
    AppId Named, int Incarnation, ImmutableHashSet<VmId>? Vms, bool IsBusy, PlanId? ClaimedBy, AppId? Listed, int Skipped = 0, int Seen = 0)
{
    /// <summary>Its present life; null: it has none.</summary>
    public AppId? Present => Vms is null ? null : Named with { Incarnation = Incarnation };

    /// <summary>Whether a VM is in the description in force.</summary>
    public bool Describes(VmRef vm) => vm.Application == Present && Vms!.Contains(vm.Vm);
}

/// <summary>A VM, as its grain knows it, and the newest epoch that hypervisors have seen.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="At">Where it runs; null: nowhere.</param>
/// <param name="Epoch">The newest epoch that was given out.</param>
/// <param name="SeenEpoch">The newest epoch that hypervisors have seen, also of one that is nowhere; 0: none, or nobody says.</param>
public sealed record VmLook(VmRef Vm, Location? At, long Epoch, long SeenEpoch);
