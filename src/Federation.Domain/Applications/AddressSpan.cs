using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Applications;

/// <summary>Addresses of one kind that follow one another.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last, of the same kind; the first itself: there is one.</param>
public readonly record struct AddressSpan(Address First, Address Last)
{
    /// <summary>So many are kept of one application; those of regular clusters are one, or two with their Ethernet addresses.</summary>
    public const int MostKept = 64;

    /// <summary>The addresses of an application in the fewest spans, in order; of very scattered ones the first <see cref="MostKept"/> spans.</summary>
    public static ImmutableArray<AddressSpan> Of(Application application)
    {
        var spans = new List<AddressSpan>();
        foreach (var address in application.Vms.SelectMany(vm => vm.Addresses).Distinct().Order())
        {
            if (spans.Count > 0 && spans[^1].Last is var last && last.Kind == address.Kind && last.Number + 1 == address.Number)
            {
                spans[^1] = spans[^1] with { Last = address };
            }
            else if (spans.Count == MostKept)
            {
                break;
            }
            else
            {
                spans.Add(new(address, address));
            }
        }

        return [.. spans];
    }

    /// <summary>The least address that is in both of two lists of spans; null: none is. Linear in their lengths.</summary>
    public static Address? Common(ImmutableArray<AddressSpan> some, ImmutableArray<AddressSpan> others)
    {
        var (one, other) = (0, 0);
        while (one < some.Length && other < others.Length)
        {
            var (a, b) = (some[one], others[other]);
            var first = a.First.CompareTo(b.First) > 0 ? a.First : b.First;
            if (first.CompareTo(a.Last) <= 0 && first.CompareTo(b.Last) <= 0)
            {
                return first;
            }

            (one, other) = a.Last.CompareTo(b.Last) < 0 ? (one + 1, other) : (one, other + 1);
        }

        return null;
    }
}
