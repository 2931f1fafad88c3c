using System.Reflection;
using Mono.Cecil;
using Shouldly;
using Xunit;

namespace Federation.Architecture.Tests;

/// <summary>What windows do on their way in is told without HTTP: a portal, or another wire, can bring them too.</summary>
public sealed class IngestTests
{
    private const string Ingest = "Federation.Silo.Ingest";

    private static readonly string[] OfHttp = ["Microsoft.AspNetCore", "System.Net.Http", "Federation.Silo.Http", "Federation.Silo.Api", "Federation.Api"];

    [Fact]
    public void The_way_of_a_window_mentions_no_type_of_HTTP()
    {
        string[] assemblies = [.. typeof(IngestTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Where(entry => entry.Key == "SourceAssembly").Select(entry => entry.Value!)];
        using var resolver = new DefaultAssemblyResolver();
        foreach (var path in assemblies)
        {
            resolver.AddSearchDirectory(Path.GetDirectoryName(path));
        }

        // Where the shared framework is: the values of its enums in attributes cannot be read without it.
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        using var module = ModuleDefinition.ReadModule(
            assemblies.Single(path => Path.GetFileName(path) == "Federation.Silo.dll"), new() { AssemblyResolver = resolver });
        var types = module.GetTypes().Where(type => NamespaceOf(type) == Ingest).ToList();

        types.ShouldNotBeEmpty();
        types.SelectMany(TypeReferences.Of).SelectMany(Names).Where(IsOfHttp).Distinct().ShouldBeEmpty();
        module.GetTypes().Where(type => NamespaceOf(type) == "Federation.Silo.Api").SelectMany(TypeReferences.Of).SelectMany(Names)
            .Where(IsOfHttp).ShouldNotBeEmpty("the test sees no type of HTTP where there are many");
    }

    private static bool IsOfHttp(string name) => OfHttp.Any(space => name.StartsWith($"{space}.", StringComparison.Ordinal));

    private static IEnumerable<string> Names(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType instance => Names(instance.ElementType).Concat(instance.GenericArguments.SelectMany(Names)),
        TypeSpecification wrapped => Names(wrapped.ElementType),
        _ => [type.FullName],
    };

    private static string NamespaceOf(TypeReference type) => type.DeclaringType is { } outer ? NamespaceOf(outer) : type.Namespace;
}
