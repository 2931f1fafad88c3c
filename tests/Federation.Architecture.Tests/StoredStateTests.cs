using Shouldly;
using Xunit;

namespace Federation.Architecture.Tests;

public sealed class StoredStateTests
{
    [Fact]
    public void Grains_store_their_states_in_one_way_which_reads_back_what_a_failed_write_left() =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src", "Federation.Grains"), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains(".WriteStateAsync(", StringComparison.Ordinal))
            .Select(Path.GetFileName)
            .ShouldBe(["StoredStates.cs"]);
}
