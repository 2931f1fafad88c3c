using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Conformance;

/// <summary>Two hosts, <c>a</c> and <c>b</c>, between which a driver is held against what its port asks for.</summary>
public interface IDriverStand
{
    /// <summary>How long anything may take that is to happen by itself, and any call.</summary>
    TimeSpan Patience { get; }

    /// <summary>The time between two looks.</summary>
    TimeSpan Interval { get; }

    /// <summary>Measures both.</summary>
    TimeProvider Clock { get; }

    /// <summary>A live transfer that is at its switch soon.</summary>
    TransferTerms Swift { get; }

    /// <summary>A live transfer that is not at its switch within <see cref="Patience"/>.</summary>
    TransferTerms Slow { get; }

    /// <summary>A driver of a host, as a caller that has just been started has it: it is told nothing of what was before. Disposed of, if it can be, as where the caller ends.</summary>
    IHypervisorDriver Open(TrialHost host);

    /// <summary>A VM that both hosts can start.</summary>
    GuestSpec Guest(VmRef vm);
}

/// <summary>One of the two hosts between which a driver is tried.</summary>
public enum TrialHost
{
    /// <summary>Where VMs are started.</summary>
    A,

    /// <summary>Where they are moved to.</summary>
    B,
}
