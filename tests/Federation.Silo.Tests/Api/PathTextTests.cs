using System.Text.RegularExpressions;
using Federation.Domain.Networks;
using Federation.Silo.Api;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

public sealed partial class PathTextTests
{
    private static readonly VtepId Host = new(new("rennes"), "h1");

    [Fact]
    public void Each_reason_of_a_path_is_explained_in_the_manual_in_the_words_in_which_it_is_shown()
    {
        var rows = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "docs", "overlay.md")).SkipWhile(line => line != "| WHY | means |").Skip(2).TakeWhile(line => line.StartsWith('|')).Select(line => line.Split(" | ")[0][2..]).ToList();
        var shown = Enum.GetValues<PathReason>()
            .SelectMany(_ => Enum.GetValues<PathKind>(), (why, kind) => PathTexts.Of(new(Host, kind, why, default) { Silent = Host, BytesPerSecond = 125_000, DirectAbove = 250_000 }))
            .Select(text => Rate().Replace(text, "RATE").Replace($"{Host}", "R", StringComparison.Ordinal)).ToHashSet();

        rows.Order().ShouldBe(shown.Order());
    }

    [GeneratedRegex("[0-9.]+ Mbit/s", RegexOptions.CultureInvariant)]
    private static partial Regex Rate();
}
