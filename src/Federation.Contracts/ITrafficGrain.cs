using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;

namespace Federation.Contracts;

/// <summary>The traffic of one incarnation of an application: takes its sensors' windows, keeps the newest, answers queries.</summary>
[Alias("Federation.ITrafficGrain")]
public interface ITrafficGrain : IGrainWithStringKey
{
    /// <summary>Takes windows: into the traffic store first, then into memory, then groups are told. What it says is stored is never lost.</summary>
    /// <remarks>The same windows may come again, and change nothing. A caller that is a sensor may report what was on its host, any other one everything.</remarks>
    /// <exception cref="Exception">The store is away: windows that it took before are known when they come again.</exception>
    [OpenTo(Role.Sensor)]
    [Alias("Take")]
    Task<WindowsTaken> Take(SentWindows sent);

    /// <summary>
    /// Answers a query, waiting for windows that have not come yet as long as the query allows; null if there is no such application.
    /// </summary>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Query")]
    Task<TrafficOutcome?> Query(TrafficQuery query, CancellationToken cancel);

    /// <summary>What the VMs reported of one window.</summary>
    [Alias("Window")]
    Task<WindowTraffic> Window(Window window);

    /// <summary>How many of its VMs have reported a window; cheap, unlike <see cref="Window"/>.</summary>
    [Alias("Progress")]
    Task<WindowProgress> Progress(Window window);

    /// <summary>The newest window that was reported of each VM, as far as memory goes back; a VM without one is not in it.</summary>
    [Alias("Newest")]
    Task<Dictionary<VmId, Window>> Newest();
}

/// <summary>Windows of one application that one sensor sends. Compared by reference.</summary>
/// <param name="Sensor">The sensor's name.</param>
/// <param name="Boot">Which start of the sensor it is.</param>
/// <param name="Windows">The windows, at least one.</param>
[GenerateSerializer, Immutable, Alias("Federation.SentWindows")]
public sealed record SentWindows([property: Id(0)] string Sensor, [property: Id(1)] Guid Boot, [property: Id(2)] SentWindow[] Windows);

/// <summary>One VM's window on its way in.</summary>
/// <param name="Sequence">Its number at the sensor, from 1 at each start.</param>
/// <param name="Vm">The VM.</param>
/// <param name="Part">What the sensor counted.</param>
[GenerateSerializer, Immutable, Alias("Federation.SentWindow")]
public sealed record SentWindow([property: Id(0)] long Sequence, [property: Id(1)] VmId Vm, [property: Id(2)] PackedPart Part);

/// <summary>What became of sent windows, in their order. Compared by reference.</summary>
/// <param name="Fates">One for each.</param>
[GenerateSerializer, Immutable, Alias("Federation.WindowsTaken")]
public sealed record WindowsTaken([property: Id(0)] WindowFate[] Fates);

/// <summary>What became of one window.</summary>
/// <param name="Outcome">What the store did; means nothing if it was refused.</param>
/// <param name="Refusal">Why it was not taken; null if it was.</param>
[GenerateSerializer, Immutable, Alias("Federation.WindowFate")]
public readonly record struct WindowFate([property: Id(0)] AppendOutcome Outcome, [property: Id(1)] Refusal? Refusal);

/// <summary>The traffic of one window, as far as it was reported.</summary>
/// <param name="Matrix">Who sent how much to whom.</param>
/// <param name="Reported">How many VMs have a report.</param>
/// <param name="Expected">How many VMs there are.</param>
[GenerateSerializer, Immutable, Alias("Federation.WindowTraffic")]
public sealed record WindowTraffic([property: Id(0)] TrafficMatrix Matrix, [property: Id(1)] int Reported, [property: Id(2)] int Expected);

/// <summary>How far the reports of a window have come.</summary>
/// <param name="Reported">How many VMs have a report.</param>
/// <param name="Expected">How many VMs there are.</param>
[GenerateSerializer, Immutable, Alias("Federation.WindowProgress")]
public readonly record struct WindowProgress([property: Id(0)] int Reported, [property: Id(1)] int Expected)
{
    /// <summary>Whether every VM has reported.</summary>
    public bool IsComplete => Reported >= Expected;
}

/// <summary>What came of a traffic query. Not copied on its way within a process: a matrix of 1,000 VMs has 20,000 figures and more.</summary>
/// <param name="Outcome">What.</param>
[GenerateSerializer, Immutable, Alias("Federation.TrafficOutcome")]
public sealed record TrafficOutcome([property: Id(0)] QueryOutcome Outcome);
