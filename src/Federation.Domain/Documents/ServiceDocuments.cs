using System.Text.Json;

namespace Federation.Domain.Documents;

/// <summary>A site at the service.</summary>
/// <param name="Site">Its name.</param>
/// <param name="Revision">Counts its changes from 1; also its ETag.</param>
/// <param name="Spec">What its file says, in the file's own form, prices resolved.</param>
/// <param name="Holds">Who holds what there, by application and VM; not known, and empty, while it is offline.</param>
/// <param name="Online">Whether the site can be asked: false while no silo of it is in the federation, and what is said is the last known.</param>
public sealed record SiteDocument(string Site, long Revision, JsonElement Spec, HoldDocument[] Holds, bool Online = true);

/// <summary>One VM's hold on a site.</summary>
/// <param name="Application">Whose.</param>
/// <param name="Vm">The VM.</param>
/// <param name="Offer">The offer.</param>
/// <param name="State">arriving, here or leaving.</param>
/// <param name="Since">Since when.</param>
/// <param name="Reservation">What it was reserved under: a plan, a migration, or adopted.</param>
/// <param name="Until">When it is given back by itself unless it is confirmed; null: it is kept until it is released.</param>
public sealed record HoldDocument(
    string Application, string Vm, string Offer, string State, DateTimeOffset Since, string Reservation = "", DateTimeOffset? Until = null);

/// <summary>An application at the service.</summary>
/// <param name="Application">Its name.</param>
/// <param name="Revision">Counts its changes from 1; also its ETag.</param>
/// <param name="Spec">What its file says, in the file's own form.</param>
/// <param name="Vms">Its VMs and where they are.</param>
/// <param name="RemainingSeconds">Run time that is left now, as far as the service knows, in seconds.</param>
/// <param name="Due">When it has to be done; null: no deadline.</param>
public sealed record ApplicationDocument(
    string Application, long Revision, JsonElement Spec, VmDocument[] Vms, double RemainingSeconds = 0, DateTimeOffset? Due = null);

/// <summary>A VM at the service.</summary>
/// <param name="Application">Whose.</param>
/// <param name="Vm">Its name.</param>
/// <param name="Addresses">How it is reached.</param>
/// <param name="At">Where it runs; null: nowhere yet.</param>
/// <param name="Epoch">Counts its placements and moves.</param>
/// <param name="LastWindow">The start of the newest window that its sensor reported; null: none yet.</param>
/// <param name="Host">The host of its site that it runs on; null: not told.</param>
public sealed record VmDocument(
    string Application, string Vm, string[] Addresses, PlanDocument.Place? At, long Epoch, DateTimeOffset? LastWindow, string? Host = null);

/// <summary>The answer to a traffic query.</summary>
/// <param name="Application">Whose traffic.</param>
/// <param name="As">detailed, mean or weighted=i.</param>
/// <param name="Matrices">One matrix per window, or one in all.</param>
/// <param name="Windows">How complete each window of the period is.</param>
public sealed record TrafficDocument(string Application, string As, MatrixDocument[] Matrices, WindowDocument[] Windows);

/// <summary>One traffic matrix.</summary>
/// <param name="Start">The window that it is of; null for one over several.</param>
/// <param name="Seconds">How long the figures were counted over.</param>
/// <param name="Pairs">Who sent how much to whom.</param>
/// <param name="Outside">What each VM exchanged with addresses outside the application.</param>
public sealed record MatrixDocument(DateTimeOffset? Start, double Seconds, PairDocument[] Pairs, OutsideDocument[] Outside);

/// <summary>What one VM sent to another.</summary>
public sealed record PairDocument(string Source, string Destination, double Packets, double Bytes);

/// <summary>What one VM exchanged with addresses outside the application.</summary>
public sealed record OutsideDocument(string Vm, double SentPackets, double SentBytes, double ReceivedPackets, double ReceivedBytes);

/// <summary>How complete one window is. Silent is not zero: nobody knows what a silent VM received.</summary>
/// <param name="Start">The window's start.</param>
/// <param name="Approximate">Whether its figures were estimated from the window before.</param>
/// <param name="Silent">VMs whose sensor reported nothing for it.</param>
/// <param name="Partial">VMs whose sensor watched a part of it.</param>
/// <param name="Inexact">VMs whose figures lack dropped frames or are a share of several windows; null: none.</param>
public sealed record WindowDocument(
    DateTimeOffset Start, bool Approximate, string[] Silent, string[] Partial, string[]? Inexact = null);

/// <summary>An application's communication groups.</summary>
/// <param name="Application">Whose.</param>
/// <param name="Groups">The groups that count now.</param>
/// <param name="Windows">What was detected in each of the newest windows, oldest first.</param>
/// <param name="History">What happened to the groups, oldest first.</param>
/// <param name="Detection">How the groups that count are found; null: nothing has come in yet.</param>
public sealed record GroupsDocument(
    string Application, GroupDocument[] Groups, DetectionDocument[] Windows, GroupEventDocument[] History,
    DetectionChoiceDocument? Detection = null);

/// <summary>How groups are found, and why so.</summary>
/// <param name="Metric">packets or bytes.</param>
/// <param name="MetricWhy">Why, for people.</param>
/// <param name="Detector">greedy or leiden.</param>
/// <param name="DetectorWhy">Why, for people.</param>
public sealed record DetectionChoiceDocument(string Metric, string MetricWhy, string Detector, string DetectorWhy);

/// <summary>One communication group.</summary>
/// <param name="Id">Its name, which it keeps while most members stay.</param>
/// <param name="Members">Its VMs.</param>
/// <param name="Since">The window in which it began.</param>
public sealed record GroupDocument(string Id, string[] Members, DateTimeOffset Since);

/// <summary>What was detected in one window.</summary>
/// <param name="Start">The window's start.</param>
/// <param name="Groups">Each group's VMs.</param>
/// <param name="Isolation">What each group exchanges with the rest over what it exchanges inside.</param>
public sealed record DetectionDocument(DateTimeOffset Start, string[][] Groups, double[]? Isolation = null);

/// <summary>One event in the history of groups.</summary>
/// <param name="Kind">formed, changed, merged, split or dissolved.</param>
/// <param name="Began">The window in which it was first seen.</param>
/// <param name="Confirmed">The window in which it counted.</param>
/// <param name="Text">What happened.</param>
public sealed record GroupEventDocument(string Kind, DateTimeOffset Began, DateTimeOffset Confirmed, string Text);

/// <summary>One live migration at the service.</summary>
/// <param name="Id">Its name: the plan's and the VM's.</param>
/// <param name="Plan">The plan that it is a step of.</param>
/// <param name="Application">Whose VM.</param>
/// <param name="Vm">The VM.</param>
/// <param name="From">Where it ran.</param>
/// <param name="To">Where it goes.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Epoch">What fences its calls to the hypervisor.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
/// <param name="Reason">Why it was rolled back; null otherwise.</param>
public sealed record MigrationDocument(
    string Id, string Plan, string Application, string Vm, PlanDocument.Place From, PlanDocument.Place To, string Phase, long Epoch,
    DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Reason);

/// <summary>One thing that happened.</summary>
/// <param name="Sequence">Counts all events from 1.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Application">The application that it concerns, if one.</param>
/// <param name="Site">The site that it concerns, if one.</param>
/// <param name="Text">What happened, for people.</param>
public sealed record EventDocument(
    long Sequence, DateTimeOffset At, string Kind, string? Application, string? Site, string Text);

/// <summary>What was done with a request to apply a plan.</summary>
/// <param name="Plan">The plan as it stands now.</param>
/// <param name="Did">Whether this request started anything: false if it had been applied before.</param>
/// <param name="Text">What was done, for people.</param>
public sealed record ApplyDocument(PlanDocument Plan, bool Did, string Text);

/// <summary>How a plan is asked for.</summary>
/// <param name="Windows">Over how many of the newest windows the traffic is averaged; null: as the service is set, 10 at first.</param>
/// <param name="Solver">auto, exact or search; null: auto.</param>
/// <param name="Seed">Where the search's chance comes from; null: 0.</param>
/// <param name="TimeLimitSeconds">How long the solver may look; null: 10.</param>
public sealed record PlanRequest(int? Windows, string? Solver, int? Seed, double? TimeLimitSeconds);
