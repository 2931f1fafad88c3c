using Federation.Domain.Hosts;

namespace Federation.Actuation.Conformance;

/// <summary>One thing that is asked of a driver. Compared by reference.</summary>
/// <param name="Name">A sentence that is true of a driver that passes; unique.</param>
/// <param name="Promise">What a driver has to have promised to be held against it; null: every driver is.</param>
/// <param name="Try">Tries it on a VM of its own; returns if it is true.</param>
public sealed record DriverCheck(string Name, DriverPromise? Promise, Func<DriverTrial, Task> Try)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What some drivers promise and others do not.</summary>
/// <param name="Missing">Told of a driver that does not promise it: a clause with <c>it</c>.</param>
/// <param name="IsGiven">Whether a driver promises it.</param>
public sealed record DriverPromise(string Missing, Func<HypervisorFacts, bool> IsGiven)
{
    /// <summary>It moves VMs while they run.</summary>
    public static DriverPromise Live { get; } = new("it moves no VM while it runs", facts => facts.MovesLive);

    /// <summary>It holds at the switch.</summary>
    public static DriverPromise Holds { get; } = new("it does not hold at the switch", facts => facts.HoldsAtSwitch);

    /// <summary>It moves VMs while they run, and holds at the switch.</summary>
    public static DriverPromise LiveHeld { get; } = new(
        "it does not both move VMs while they run and hold at the switch", facts => facts is { MovesLive: true, HoldsAtSwitch: true });

    /// <summary>It lets a source run again that has sent all.</summary>
    public static DriverPromise Keeps { get; } = new("its source ends with the transfer", facts => facts.KeepsSent);

    /// <summary>It moves VMs while they run, and lets a source run again that has sent all.</summary>
    public static DriverPromise LiveKept { get; } = new(
        "it does not both move VMs while they run and let a source run again", facts => facts is { MovesLive: true, KeepsSent: true });

    /// <summary>It lets a source that has sent all run no more.</summary>
    public static DriverPromise Ends { get; } = new("its source can run again after the transfer", facts => !facts.KeepsSent);
}
