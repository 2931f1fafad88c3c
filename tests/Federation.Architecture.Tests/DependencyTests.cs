using System.Text.RegularExpressions;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Architecture.Tests;

/// <summary>Dependencies point one way, and Domain stands on the base library alone.</summary>
public sealed class DependencyTests
{
    // Who may use whom: the table of docs/architecture.md.
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Federation.Domain"] = [],
        ["Federation.Api"] = ["Federation.Domain"],
        ["Federation.Planning"] = ["Federation.Domain"],
        ["Federation.Contracts"] = ["Federation.Domain"],
        ["Federation.Grains"] = ["Federation.Domain", "Federation.Contracts", "Federation.Planning"],
        ["Federation.Credentials"] = ["Federation.Domain"],
        ["Federation.Client"] = ["Federation.Domain", "Federation.Contracts", "Federation.Credentials"],
        ["Federation.Storage"] = ["Federation.Domain"],
        ["Federation.Portal"] = ["Federation.Domain", "Federation.Contracts", "Federation.Client", "Federation.Files", "Federation.Yaml"],
        ["Federation.PortalHost"] = ["Federation.Client", "Federation.Portal"],
        ["Federation.Yaml"] = ["Federation.Domain"],
        ["Federation.Files"] = ["Federation.Domain", "Federation.Yaml"],
        ["Federation.Sensor"] = ["Federation.Domain", "Federation.Api", "Federation.Yaml"],
        ["Federation.Host"] = ["Federation.Domain", "Federation.Yaml", "Federation.Sensor", "Federation.Actuation"],
        ["Federation.Actuation"] = ["Federation.Domain"],
        ["Federation.Backtest"] = ["Federation.Domain", "Federation.Planning", "Federation.Files", "Federation.Yaml"],
        ["Federation.Silo"] =
        [
            "Federation.Domain", "Federation.Api", "Federation.Contracts", "Federation.Grains", "Federation.Planning", "Federation.Storage",
            "Federation.Files", "Federation.Yaml", "Federation.Actuation", "Federation.Credentials", "Federation.Client",
            "Federation.Portal",
        ],
        ["Federation.Cli"] =
        [
            "Federation.Domain", "Federation.Api", "Federation.Planning", "Federation.Files", "Federation.Yaml", "Federation.Sensor",
            "Federation.Host", "Federation.Storage", "Federation.Backtest", "Federation.Credentials", "Federation.Actuation",
        ],
    };

    [Fact]
    public void Every_project_uses_only_what_the_architecture_allows()
    {
        foreach (var (name, project) in SourceTree.ProjectsIn("src"))
        {
            MayUse.ShouldContainKey(name);
            project.Includes("ProjectReference").ShouldBeSubsetOf(MayUse[name], name);
        }
    }

    [Fact]
    public void What_may_be_used_has_no_way_back()
    {
        foreach (var name in MayUse.Keys)
        {
            Reachable(name).ShouldNotContain(name);
        }
    }

    [Fact]
    public void Domain_stands_on_the_base_library_alone()
    {
        var domain = SourceTree.ProjectsIn("src")["Federation.Domain"];
        domain.Includes("PackageReference").ShouldBeEmpty();
        domain.Includes("FrameworkReference").ShouldBeEmpty();
        domain.Includes("ProjectReference").ShouldBeEmpty();
        typeof(VmId).Assembly.GetReferencedAssemblies().Select(used => used.Name!)
            .ShouldAllBe(used => used.StartsWith("System.", StringComparison.Ordinal));
    }

    [Fact]
    public void Package_versions_stand_in_one_place()
    {
        foreach (var (name, project) in SourceTree.ProjectsIn("src").Concat(SourceTree.ProjectsIn("tests")))
        {
            project.Descendants("PackageReference").ShouldAllBe(package => package.Attribute("Version") == null, name);
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_has_locked_packages()
    {
        var solution = File.ReadAllText(Path.Combine(SourceTree.Root, "OrleansFederation.sln"));
        foreach (var name in SourceTree.ProjectsIn("src").Keys.Concat(SourceTree.ProjectsIn("tests").Keys))
        {
            solution.ShouldContain($"{name}.csproj");
        }

        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .ShouldAllBe(project => File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")));
    }

    [Fact]
    public void Every_source_project_says_what_it_is_for() =>
        SourceTree.ProjectsIn("src").Keys.ShouldAllBe(name => File.Exists(Path.Combine(SourceTree.Root, "src", name, "README.md")));

    [Fact]
    public void The_script_fedctl_builds_anew_after_a_change_in_any_project_that_the_command_is_made_of()
    {
        var script = File.ReadAllText(Path.Combine(SourceTree.Root, "fedctl"));
        var parts = Regex.Match(script, @"^parts=\(""\$project"" ""\$root""/src/Federation\.\{([\w,]+)\}\)$", RegexOptions.Multiline).Groups[1].Value;
        parts.Split(',').Select(part => $"Federation.{part}").ShouldBe(Referenced("Federation.Cli"), ignoreOrder: true);
    }

    // The projects that one refers to, and those that they refer to.
    private static HashSet<string> Referenced(string name)
    {
        var projects = SourceTree.ProjectsIn("src");
        var reached = new HashSet<string>();
        var open = new Stack<string>([name]);
        while (open.TryPop(out var next))
        {
            foreach (var used in projects[next].Includes("ProjectReference").Where(reached.Add))
            {
                open.Push(used);
            }
        }

        return reached;
    }

    private static HashSet<string> Reachable(string name)
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(MayUse[name]);
        while (open.TryDequeue(out var next))
        {
            if (reached.Add(next))
            {
                foreach (var further in MayUse[next])
                {
                    open.Enqueue(further);
                }
            }
        }

        return reached;
    }
}
