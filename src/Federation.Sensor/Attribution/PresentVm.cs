using Federation.Sensor.Discovery;

namespace Federation.Sensor.Attribution;

/// <summary>A VM that was on this host in a window.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Stay">For which part of the window it was known to be here.</param>
public sealed record PresentVm(LocalVm Vm, Stay Stay);

/// <summary>For which part of a window a VM was known to be here.</summary>
public enum Stay
{
    /// <summary>All of it.</summary>
    Throughout,

    /// <summary>It came, and was here at the end.</summary>
    Came,

    /// <summary>It left before the end.</summary>
    Left,
}
