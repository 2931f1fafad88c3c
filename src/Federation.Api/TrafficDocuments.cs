namespace Federation.Api;

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
public sealed record MatrixDocument(DateTimeOffset? Start, double Seconds, PairDocument[] Pairs, OutsideDocument[] Outside)
{
    /// <summary>What each VM exchanged with endpoints of its application; it is not in <see cref="Outside"/>.</summary>
    public EndpointTrafficDocument[] Endpoints { get; init; } = [];
}

/// <summary>What one VM exchanged with an endpoint of its application.</summary>
public sealed record EndpointTrafficDocument(string Vm, string Endpoint, double SentPackets, double SentBytes, double ReceivedPackets, double ReceivedBytes);

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
/// <param name="Doubled">VMs that several sensors reported whole, so that frames may count twice; null: none.</param>
public sealed record WindowDocument(
    DateTimeOffset Start, bool Approximate, string[] Silent, string[] Partial, string[]? Inexact = null, string[]? Doubled = null);
