using System.Numerics;
using Google.OrTools.Sat;

namespace Federation.Planning.Exact.ConstraintModel;

/// <summary>What the product of two whole numbers cannot fall below, in linear constraints.</summary>
/// <remarks>
/// The second number is written in binary: a digit that is set adds the first number times the digit's worth, and what is below the last digit
/// counts with the least that the first number can be. So the bound lacks at most a four-thousandth of the second number's range. CP-SAT has
/// products of its own, but version 9.15 takes some models that hold one for infeasible though they are not: its presolve errs where a factor
/// has two values left.
/// </remarks>
internal static class ProductBound
{
    private const int Digits = 12;

    /// <summary>The bound as a sum that a minimum pushes down to it.</summary>
    /// <param name="cp">Where the constraints go.</param>
    /// <param name="one">The first number, zero or more.</param>
    /// <param name="other">The second, from zero to less than 2^40.</param>
    public static LinearExpr Of(CpModel cp, IntVar one, IntVar other)
    {
        var (least, most) = (one.Domain.Min(), one.Domain.Max());
        var length = 64 - BitOperations.LeadingZeroCount((ulong)other.Domain.Max());
        var last = Math.Max(0, length - Digits);
        var rest = cp.NewIntVar(0, (1L << last) - 1, "");
        var (number, product) = (LinearExpr.NewBuilder().Add(rest), LinearExpr.NewBuilder().AddTerm(rest, least));
        for (var digit = last; digit < length; digit++)
        {
            var worth = 1L << digit;
            var (isSet, added) = (cp.NewBoolVar(""), cp.NewIntVar(0, most * worth, ""));
            cp.Add(added >= one * worth).OnlyEnforceIf(isSet);
            cp.Add(added >= LinearExpr.Term(isSet, least * worth));
            number.AddTerm(isSet, worth);
            product.Add(added);
        }

        cp.Add(number == other);
        return product;
    }
}
