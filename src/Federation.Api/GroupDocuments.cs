namespace Federation.Api;

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
