using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Cli.Analysis;

/// <summary>What <c>fedctl analyze -o json</c> prints. Compared by reference.</summary>
/// <param name="Windows">The windows that the capture touches, oldest first.</param>
/// <param name="Matrix">Who sent how much to whom in all of them, by addresses.</param>
/// <param name="Groups">The communication groups by their first members, members by address.</param>
/// <param name="Isolation">What each group exchanges with the rest over what it exchanges inside, in the order of the groups.</param>
internal sealed record AnalysisDocument(
    ImmutableArray<AnalysisDocument.WindowTotal> Windows,
    ImmutableArray<AnalysisDocument.Row> Matrix,
    ImmutableArray<ImmutableArray<Address>> Groups,
    ImmutableArray<double> Isolation)
{
    /// <summary>All IP packets of one window.</summary>
    internal sealed record WindowTotal(Window Start, long Packets, long Bytes);

    /// <summary>What one address sent to another.</summary>
    internal sealed record Row(Address Source, Address Destination, long Packets, long Bytes);
}
