using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Sensor.Reporting;

/// <summary>A VM that a sensor reports on. Compared by reference.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Addresses">Its addresses; frames are told apart by the IPv4 and IPv6 ones.</param>
public sealed record WatchedVm(VmId Vm, ImmutableArray<Address> Addresses);
