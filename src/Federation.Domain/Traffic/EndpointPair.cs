using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>A VM and an endpoint of its application.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Endpoint">The endpoint's name.</param>
public readonly record struct EndpointPair(VmId Vm, string Endpoint) : IComparable<EndpointPair>
{
    /// <summary>By VM, then by endpoint.</summary>
    public int CompareTo(EndpointPair other)
    {
        var byVm = Vm.CompareTo(other.Vm);
        return byVm != 0 ? byVm : string.CompareOrdinal(Endpoint, other.Endpoint);
    }
}
