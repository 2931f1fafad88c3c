using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Federation.Architecture.Tests;

/// <summary>A refusal's text is for people: a program looks at its code, its kind and its arguments.</summary>
public sealed partial class RefusalTests
{
    [Fact]
    public void No_source_compares_the_text_of_a_refusal()
    {
        var found = from file in Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.cs", SearchOption.AllDirectories)
                    where !file.Split(Path.DirectorySeparatorChar).Intersect(["obj", "bin"]).Any()
                    from match in Comparison().Matches(File.ReadAllText(file))
                    select $"{Path.GetRelativePath(SourceTree.Root, file)}: {match.Value}";
        found.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("reason.StartsWith(\"migrations: \", StringComparison.Ordinal)")]
    [InlineData("verdict.Refusal!.ToString().Contains(\"quota\")")]
    [InlineData("RefusalText.Of(verdict.Refusal)\n    .StartsWith(\"x\")")]
    [InlineData("RefusalText.Of(refusal) == \"no\"")]
    [InlineData("$\"{refusal}\".EndsWith(\"full\")")]
    [InlineData("rejection.Reason != \"budget\"")]
    [InlineData("migration.Reason is \"lost\"")]
    public void A_comparison_is_recognised(string code) => Comparison().IsMatch(code).ShouldBeTrue();

    [Theory]
    [InlineData("refusal.Code == RefusalCode.QuotaVms")]
    [InlineData("verdict.Refusal is { } refusal")]
    [InlineData("migration.Reason is not null")]
    [InlineData("refusal.Kind == RefusalKind.Temporary")]
    [InlineData("Problems.Conflict(RefusalText.Of(refusal))")]
    public void What_looks_at_the_value_is_none(string code) => Comparison().IsMatch(code).ShouldBeFalse();

    // A text of a refusal, then what compares or searches it.
    [GeneratedRegex(
        """(\b[Rr]eason[!?]*|[Rr]efusal[!?]*\.ToString\(\)|RefusalText\.Of\([^;{}]*?\)|\{\w*[Rr]efusal[!?]*\}")\s*(\.\s*(StartsWith|EndsWith|Contains|Equals|IndexOf|Split)\(|(==|!=|is|is not)\s*\$?")""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Comparison();
}
