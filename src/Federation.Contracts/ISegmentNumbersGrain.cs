using Federation.Domain.Identity;

namespace Federation.Contracts;

/// <summary>The numbers of applications' networks on the wire, each unique in the federation; there is one grain.</summary>
[Alias("Federation.ISegmentNumbersGrain")]
public interface ISegmentNumbersGrain : IGrainWithIntegerKey
{
    /// <summary>The number of an incarnation's network: the same whenever it is asked for, until it is given back.</summary>
    [Alias("Take")]
    Task<int> Take(AppId application);

    /// <summary>Gives an incarnation's number back; it has none: nothing happens.</summary>
    [Alias("GiveBack")]
    Task GiveBack(AppId application);
}
