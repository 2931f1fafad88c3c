using Mono.Cecil;

namespace Federation.Architecture.Tests;

/// <summary>Which namespace of a compiled assembly refers to which, with one reference as evidence for each pair.</summary>
internal sealed class NamespaceGraph
{
    private readonly SortedDictionary<string, SortedDictionary<string, string>> edges = new(StringComparer.Ordinal);

    /// <summary>The namespaces that <paramref name="from"/> refers to.</summary>
    public IEnumerable<string> Targets(string from) => edges.TryGetValue(from, out var targets) ? targets.Keys : [];

    /// <summary>The first reference found: <c>type -> type</c>.</summary>
    public string Evidence(string from, string to) => edges[from][to];

    /// <summary>Reads an assembly: signatures, attributes and method bodies. References to other assemblies do not count.</summary>
    /// <param name="assembly">The file.</param>
    /// <param name="folders">Where the assemblies are that it uses: the values of foreign enums in attributes cannot be read without them.</param>
    public static NamespaceGraph Of(string assembly, IEnumerable<string> folders)
    {
        var graph = new NamespaceGraph();
        using var resolver = new DefaultAssemblyResolver();
        foreach (var folder in folders.Distinct())
        {
            resolver.AddSearchDirectory(folder);
        }

        using var module = ModuleDefinition.ReadModule(assembly, new() { AssemblyResolver = resolver });
        foreach (var type in module.GetTypes())
        {
            foreach (var target in TypeReferences.Of(type).SelectMany(TypeReferences.Definitions).Where(target => target.Module == module))
            {
                graph.Add(Outermost(type), Outermost(target));
            }
        }

        return graph;
    }

    /// <summary>A shortest way from each namespace back to itself, one for each set of namespaces that reach each other.</summary>
    public IEnumerable<string[]> Cycles()
    {
        var told = new HashSet<string>();
        foreach (var start in edges.Keys)
        {
            if (!told.Contains(start) && WayBack(start) is { } cycle)
            {
                told.UnionWith(Reachable(start).Where(other => Reachable(other).Contains(start)));
                yield return cycle;
            }
        }
    }

    /// <summary>A cycle as text: one line for each edge, with its evidence.</summary>
    public string Describe(string[] cycle) => string.Join(Environment.NewLine, cycle.Zip([.. cycle.Skip(1), cycle[0]],
        (from, to) => $"    {from} -> {to}: {Evidence(from, to)}"));

    private void Add(TypeReference from, TypeReference to)
    {
        // Types that the compiler makes for all namespaces alike have names that nobody can write.
        if (from.Namespace == to.Namespace || to.Name.StartsWith('<'))
        {
            return;
        }

        if (!edges.TryGetValue(from.Namespace, out var targets))
        {
            edges[from.Namespace] = targets = new(StringComparer.Ordinal);
        }

        targets.TryAdd(to.Namespace, $"{from.Name} uses {to.Name}");
    }

    // Breadth first, so that the way is a shortest one.
    private string[]? WayBack(string start)
    {
        var ways = new Queue<string[]>([[start]]);
        var seen = new HashSet<string>();
        while (ways.TryDequeue(out var way))
        {
            foreach (var next in Targets(way[^1]))
            {
                if (next == start)
                {
                    return way;
                }

                if (seen.Add(next))
                {
                    ways.Enqueue([.. way, next]);
                }
            }
        }

        return null;
    }

    private HashSet<string> Reachable(string start)
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>([start]);
        while (open.TryDequeue(out var next))
        {
            foreach (var target in Targets(next).Where(reached.Add))
            {
                open.Enqueue(target);
            }
        }

        return reached;
    }

    // Closures and state machines are nested types: they count for the type that they were written in.
    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
