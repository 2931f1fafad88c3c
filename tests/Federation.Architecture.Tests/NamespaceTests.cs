using System.Reflection;
using Shouldly;
using Xunit;

namespace Federation.Architecture.Tests;

/// <summary>Within a project the namespaces stand in layers: none refers, over others, back to itself.</summary>
public sealed class NamespaceTests
{
    private static readonly string[] Assemblies = [.. typeof(NamespaceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(entry => entry.Key == "SourceAssembly").Select(entry => entry.Value!), typeof(Domain.Identity.VmId).Assembly.Location];

    private static readonly NamespaceGraph OfSamples = NamespaceGraph.Of(typeof(NamespaceTests).Assembly.Location, []);

    public static TheoryData<string> Projects => [.. SourceTree.ProjectsIn("src").Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespaces_of_a_project_have_no_cycles(string project)
    {
        var graph = NamespaceGraph.Of(AssemblyOf(project), Assemblies.Select(path => Path.GetDirectoryName(path)!));
        var cycles = graph.Cycles().Select(cycle => $"{project}: a cycle of namespaces{Environment.NewLine}{graph.Describe(cycle)}").ToArray();
        Assert.True(cycles.Length == 0, string.Join(Environment.NewLine, cycles));
    }

    [Fact]
    public void A_cycle_is_told_with_its_shortest_way_and_a_reference_for_each_edge()
    {
        var cycle = OfSamples.Cycles().ShouldHaveSingleItem();
        cycle.ShouldBe(["Samples.Ring.First", "Samples.Ring.Second"]);
        OfSamples.Describe(cycle).ShouldBe(string.Join(Environment.NewLine,
            "    Samples.Ring.First -> Samples.Ring.Second: One uses Two", "    Samples.Ring.Second -> Samples.Ring.First: Two uses One"));
    }

    [Theory]
    [InlineData("Base")]
    [InlineData("Interface")]
    [InlineData("Attribute")]
    [InlineData("AttributeArgument")]
    [InlineData("Constraint")]
    [InlineData("Field")]
    [InlineData("GenericArgument")]
    [InlineData("Parameter")]
    [InlineData("Call")]
    [InlineData("GenericCall")]
    [InlineData("Cast")]
    [InlineData("Catch")]
    [InlineData("Closure")]
    [InlineData("Async")]
    public void A_reference_of_any_kind_is_seen(string kind) =>
        OfSamples.Targets($"Samples.By{kind}").ShouldContain("Samples.Used");

    // The assembly of the command line tool is named fedctl: the folder of the project tells whose it is.
    private static string AssemblyOf(string project) => Assemblies.Single(path =>
        path.Contains($"/src/{project}/", StringComparison.Ordinal) || Path.GetFileNameWithoutExtension(path) == project);
}
