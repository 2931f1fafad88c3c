using System.Text.RegularExpressions;
using CsCheck;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Identity;

public sealed partial class NaturalOrderTests
{
    // Few characters, so that names have much in common: beginnings, digits, leading zeros.
    private static readonly Gen<string> Name = Gen.OneOf("a", "b", "-", "0", "1", "2", "9").Array[0, 7].Select(string.Concat);

    [Fact]
    public void Names_are_compared_run_by_run_digits_by_their_number() =>
        Gen.Select(Name, Name).Sample((left, right) =>
        {
            Math.Sign(NaturalOrder.Compare(left, right)).ShouldBe(Math.Sign(BySlowRule(left, right)), $"'{left}' and '{right}'");
            Math.Sign(NaturalOrder.Compare(right, left)).ShouldBe(-Math.Sign(NaturalOrder.Compare(left, right)));
        });

    [Theory]
    [InlineData("vm2", "vm10")]
    [InlineData("vm12", "vm123")]
    [InlineData("vm99-a", "vm100")]
    [InlineData("vm01", "vm1")]
    public void The_first_comes_before_the_second(string first, string second) => NaturalOrder.Compare(first, second).ShouldBeLessThan(0);

    private static int BySlowRule(string left, string right)
    {
        var (ours, theirs) = (Runs().Matches(left), Runs().Matches(right));
        foreach (var (one, other) in ours.Zip(theirs))
        {
            var byRun = char.IsAsciiDigit(one.Value[0]) && char.IsAsciiDigit(other.Value[0])
                ? long.Parse(one.Value, null).CompareTo(long.Parse(other.Value, null))
                : one.Value[0] - other.Value[0];
            if (byRun != 0)
            {
                return byRun;
            }
        }

        var (restOfLeft, restOfRight) = (Length(ours.Skip(theirs.Count)), Length(theirs.Skip(ours.Count)));
        return restOfLeft != restOfRight ? restOfLeft - restOfRight : string.CompareOrdinal(left, right);
    }

    private static int Length(IEnumerable<Match> runs) => runs.Sum(run => run.Length);

    // All digits in a row together, any other character by itself.
    [GeneratedRegex("[0-9]+|[^0-9]")]
    private static partial Regex Runs();
}
