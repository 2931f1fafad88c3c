namespace Federation.Domain.Identity;

/// <summary>The order in which people read names: runs of digits by their number, all else by code point.</summary>
public static class NaturalOrder
{
    /// <summary>Compares two names; total, so that a sort by it is the same every time.</summary>
    public static int Compare(string? left, string? right)
    {
        if (left is null || right is null)
        {
            return string.CompareOrdinal(left, right);
        }

        // What both begin with decides nothing, but for the digits at its end, which belong to a number that goes on.
        var i = left.AsSpan().CommonPrefixLength(right);
        while (i > 0 && char.IsAsciiDigit(left[i - 1]))
        {
            i--;
        }

        var j = i;
        while (i < left.Length && j < right.Length)
        {
            if (char.IsAsciiDigit(left[i]) && char.IsAsciiDigit(right[j]))
            {
                var a = DigitsAt(left, ref i);
                var b = DigitsAt(right, ref j);
                var byNumber = a.Length != b.Length ? a.Length - b.Length : a.SequenceCompareTo(b);
                if (byNumber != 0)
                {
                    return byNumber;
                }
            }
            else if (left[i] != right[j])
            {
                return left[i] - right[j];
            }
            else
            {
                i++;
                j++;
            }
        }

        var byRest = (left.Length - i) - (right.Length - j);
        return byRest != 0 ? byRest : string.CompareOrdinal(left, right);
    }

    private static ReadOnlySpan<char> DigitsAt(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
        {
            position++;
        }

        return text.AsSpan(start, position - start).TrimStart('0');
    }
}
