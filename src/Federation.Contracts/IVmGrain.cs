using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Contracts;

/// <summary>One VM: its traffic windows and where it runs.</summary>
[Alias("Federation.IVmGrain")]
public interface IVmGrain : IGrainWithStringKey
{
    /// <summary>Takes parts of windows that the traffic store holds; one that it has already changes nothing.</summary>
    [Alias("Take")]
    Task Take(ImmutableArray<SensorPart> parts);

    /// <summary>The reports of a range of windows, both ends included, oldest first, the parts of different sensors added up.</summary>
    [Alias("Windows")]
    Task<ImmutableArray<WindowReport>> Windows(Window first, Window last);

    /// <summary>Where it runs, and how new that is.</summary>
    [Alias("Status")]
    Task<VmStatus> Status();

    /// <summary>
    /// A new epoch, stored, for something that is about to be done to the VM; the same reason gets the same epoch again.
    /// </summary>
    [Alias("NextEpoch")]
    Task<long> NextEpoch(string reason);

    /// <summary>Notes where the VM runs now, null for nowhere; an epoch older than the newest known changes nothing.</summary>
    [Alias("Locate")]
    Task Locate(Location? at, long epoch);
}

/// <summary>A VM as it stands.</summary>
/// <param name="At">Where it runs; null: nowhere.</param>
/// <param name="Epoch">Counts what was done to it.</param>
/// <param name="LastWindow">The newest window reported; null: none yet.</param>
[GenerateSerializer, Immutable, Alias("Federation.VmStatus")]
public sealed record VmStatus(
    [property: Id(0)] Location? At, [property: Id(1)] long Epoch, [property: Id(2)] Window? LastWindow);
