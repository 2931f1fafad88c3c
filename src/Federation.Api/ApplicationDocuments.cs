using System.Text.Json;
using System.Text.Json.Serialization;

namespace Federation.Api;

/// <summary>An application at the service.</summary>
/// <param name="Application">Its name.</param>
/// <param name="Revision">Counts its descriptions from 1, anew in each life of the name.</param>
/// <param name="Spec">What its file says, in the file's own form.</param>
/// <param name="Vms">Its VMs and where they are.</param>
/// <param name="RemainingSeconds">Run time that is left now, as far as the service knows, in seconds.</param>
/// <param name="Due">When it has to be done; null: no deadline.</param>
/// <param name="Version">Incarnation and revision, as <c>1.3</c>: its ETag.</param>
/// <param name="Partial">Whether its reader is no owner of it and sees the VMs at his own sites only.</param>
/// <param name="Applied">What became of the file that this answers; not there where nothing was sent.</param>
public sealed record ApplicationDocument(
    string Application, long Revision, JsonElement Spec, VmDocument[] Vms, double RemainingSeconds = 0, DateTimeOffset? Due = null, string Version = "",
    bool Partial = false, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AppliedDocument? Applied = null)
{
    /// <summary>What its live moves took against what had been said of them, by link and kind; not there where it was not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PredictionDocument[]? Predictions { get; init; }
}

/// <summary>How far off predictions of one kind were, of the live moves over one link. All figures are measured over said: 2 is twice as much as was said.</summary>
/// <param name="From">The site that the VMs left.</param>
/// <param name="To">The site that they went to; the same one: moves between its hosts.</param>
/// <param name="Kind">What was predicted: <c>bytes</c>, <c>duration</c> or <c>downtime</c>.</param>
/// <param name="Count">How many moves it was measured of.</param>
/// <param name="Bias">The median.</param>
/// <param name="Correction">What the next prediction would have to be multiplied by: the bias, drawn towards 1 while there are few moves.</param>
/// <param name="Low">Nine of ten moves are expected from here on.</param>
/// <param name="High">Nine of ten moves are expected up to here.</param>
public sealed record PredictionDocument(string From, string To, string Kind, int Count, double Bias, double Correction, double Low, double High);

/// <summary>What an application file would change.</summary>
/// <param name="Application">The application.</param>
/// <param name="Version">The version that it was held against; null: there is no such application yet.</param>
/// <param name="Changes">What is different, by key; empty: nothing is.</param>
/// <param name="Refused">Why the service would not take it now, for people; empty: it would.</param>
/// <param name="Warnings">What it says that is allowed and hardly meant.</param>
/// <param name="Stops">The VMs that run and that it does not have any more: they would stop; in the order of the description in force.</param>
public sealed record ApplicationDiffDocument(
    string Application, string? Version, FieldChangeDocument[] Changes, string[] Refused, WarningDocument[] Warnings, string[]? Stops = null);

/// <summary>A change or a deletion that is under way yet.</summary>
/// <param name="Application">Whose.</param>
/// <param name="Text">For people: what it waits for, and what happens then.</param>
public sealed record PendingDocument(string Application, string Text);

/// <summary>A VM at the service.</summary>
/// <param name="Application">Whose.</param>
/// <param name="Vm">Its name.</param>
/// <param name="Addresses">How it is reached.</param>
/// <param name="At">Where it runs; null: nowhere yet.</param>
/// <param name="Epoch">Counts its placements and moves.</param>
/// <param name="LastWindow">The start of the newest window that its sensor reported; null: none yet.</param>
/// <param name="Host">The host of its site that it runs on; null: not told.</param>
/// <param name="LostSince">Since when its site cannot be asked: where it is was last known then, whether it runs is not known. Null: its site can be asked.</param>
/// <param name="Public">Its public address; null: it has none.</param>
/// <param name="PublicRefused">Why it has none though it wishes for one, for people; null: it wishes for none, has one, or the service has not looked yet.</param>
public sealed record VmDocument(
    string Application, string Vm, string[] Addresses, PlanDocument.Place? At, long Epoch, DateTimeOffset? LastWindow, string? Host = null,
    DateTimeOffset? LostSince = null, string? Public = null, string? PublicRefused = null);

/// <summary>A VM that has left its application.</summary>
/// <param name="Application">The application.</param>
/// <param name="Vm">The VM: stopped, its place given back.</param>
/// <param name="Version">The application's description without it, as <c>1.3</c>.</param>
/// <param name="Rules">The rules of affinity that were changed with it, for people; empty: none named it.</param>
public sealed record VmRemovalDocument(string Application, string Vm, string Version, string[] Rules);

/// <summary>Where a VM runs, for its site's administrator.</summary>
/// <param name="Application">Whose.</param>
/// <param name="Vm">Its name.</param>
/// <param name="Site">The site; null: it runs nowhere.</param>
/// <param name="Host">The host of the site; null: not told.</param>
public sealed record VmHostDocument(string Application, string Vm, string? Site, string? Host);

/// <summary>On which host of its site a VM runs.</summary>
/// <param name="Host">The host; null: not known.</param>
public sealed record HostRequest(string? Host);
