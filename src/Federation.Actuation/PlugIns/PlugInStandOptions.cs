using Federation.Domain.Guests;

namespace Federation.Actuation.PlugIns;

/// <summary>How a plug-in is held against the port.</summary>
public sealed record PlugInStandOptions
{
    /// <summary>The program, of both hosts.</summary>
    public required PlugInOptions PlugIn { get; init; }

    /// <summary>A folder in which each host gets one of its own: <c>FEDERATION_DIRECTORY</c>.</summary>
    public required string Directory { get; init; }

    /// <summary>How long anything may take that is to happen by itself, and any call. Default 60 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The time between two looks. Default 0.05 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(0.05);

    /// <summary>The VM that is tried; its name is replaced. Default: 1 vCPU, 16 MiB, one empty disk of 1 MiB.</summary>
    public GuestSpec Guest { get; init; } = new() { Vm = default, Vcpus = 1, MemoryBytes = 16 << 20, Disks = [new("root", null, 1 << 20)] };

    /// <summary>Given each line that the program writes to its standard error.</summary>
    public Action<string> Log { get; init; } = _ => { };
}
