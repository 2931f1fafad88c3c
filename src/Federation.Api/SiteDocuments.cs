using System.Text.Json;
using System.Text.Json.Serialization;
using Federation.Domain.Refusals;

namespace Federation.Api;

/// <summary>A site at the service.</summary>
/// <param name="Site">Its name.</param>
/// <param name="Revision">Counts its changes from 1; also its ETag.</param>
/// <param name="Spec">What its file says, in the file's own form, prices resolved.</param>
/// <param name="Holds">Who holds what there, by application and VM.</param>
/// <param name="Online">Whether the site can be asked: false while no silo of it is in the federation; then its state is not known, and all else is as it was last known.</param>
/// <param name="Use">What all tenants together have of it, for who administrates it or sees everything; null otherwise.</param>
/// <param name="Outside">The VMs that have a place there and could not come any more; of those that the caller may see.</param>
/// <param name="LostSince">Since when it cannot be asked; null: it can, or for a moment only it cannot.</param>
/// <param name="Applied">What became of the file that this answers; not there where nothing was sent.</param>
/// <param name="Figures">
/// The site as a whole, for who administrates it or sees everything, where one site is asked for; not there in lists, and while the site cannot be asked.
/// </param>
public sealed record SiteDocument(
    string Site, long Revision, JsonElement Spec, HoldDocument[] Holds, bool Online = true, SiteUseDocument? Use = null, OutsideVmDocument[]? Outside = null,
    DateTimeOffset? LostSince = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AppliedDocument? Applied = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SiteFiguresDocument? Figures = null);

/// <summary>A site that has left the federation.</summary>
/// <param name="Site">Its name.</param>
/// <param name="LinkedFrom">The sites that say yet that they have a link to it: that counts for nothing while there is no such site.</param>
public sealed record SiteRemovalDocument(string Site, string[] LinkedFrom);

/// <summary>What all tenants together have of a site.</summary>
/// <param name="Vcpus">vCPUs.</param>
/// <param name="MemoryBytes">Memory.</param>
/// <param name="Vms">VMs.</param>
/// <param name="UsableVcpus">vCPUs that may be given out, the headroom taken off; null: no limit.</param>
/// <param name="UsableMemoryBytes">Memory that may be given out; null: no limit.</param>
/// <param name="UsableVms">VMs that may be there; null: no limit.</param>
public sealed record SiteUseDocument(int Vcpus, long MemoryBytes, int Vms, long? UsableVcpus, long? UsableMemoryBytes, long? UsableVms);

/// <summary>A VM that has a place at a site and could not come any more: it stays, and counts for what comes.</summary>
/// <param name="Application">Whose.</param>
/// <param name="Vm">The VM.</param>
/// <param name="Reason">What it stands outside of, for people.</param>
/// <param name="Code">What it stands outside of, for programs.</param>
public sealed record OutsideVmDocument(string Application, string Vm, string Reason, RefusalCode Code);

/// <summary>One VM's hold on a site.</summary>
/// <param name="Application">Whose.</param>
/// <param name="Vm">The VM.</param>
/// <param name="Offer">The offer.</param>
/// <param name="State">reserved, confirmed, occupied or leaving.</param>
/// <param name="Since">Since when.</param>
/// <param name="Reservation">What it was reserved for: a plan, a migration, or a revision of its application.</param>
/// <param name="Until">When it is given back by itself unless it is confirmed; null: it is kept until it is released.</param>
/// <param name="Host">The host that it is on; null: the site has no hosts, or nobody knows.</param>
/// <param name="NextHost">The host of the site to which the VM moves; null: to none.</param>
public sealed record HoldDocument(
    string Application, string Vm, string Offer, string State, DateTimeOffset Since, string Reservation = "", DateTimeOffset? Until = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Host = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextHost = null);

/// <summary>What a site file would change, and whom.</summary>
/// <param name="Site">The site.</param>
/// <param name="Revision">The revision that it was held against; 0: there is no such site yet.</param>
/// <param name="Changes">What is different, by key; empty: nothing is.</param>
/// <param name="Affected">The VMs there that it would keep out, if they came now. They stay; a plan moves them.</param>
/// <param name="Refused">Why the service would not take it, for people; null: it would.</param>
/// <param name="Warnings">What it says that is allowed and hardly meant.</param>
public sealed record SiteDiffDocument(
    string Site, long Revision, FieldChangeDocument[] Changes, SiteDiffDocument.Vm[] Affected, string? Refused = null, WarningDocument[]? Warnings = null)
{
    /// <summary>One VM.</summary>
    /// <param name="Application">Its application.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Reason">What would keep it out, for people.</param>
    /// <param name="Code">What would keep it out, for programs.</param>
    public sealed record Vm(string Application, string Name, string Reason, RefusalCode? Code = null);
}
