using System.Collections.Immutable;
using Federation.Cli.Terminals;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Files;
using Federation.Yaml;

namespace Federation.Cli.Files;

/// <summary>Reads application files that a user names.</summary>
internal static class ApplicationFiles
{
    /// <summary>The applications of files, folders and standard input, in their order, and every fault of all.</summary>
    /// <param name="terminal">Where standard input is.</param>
    /// <param name="paths">What the user named.</param>
    /// <param name="federation">The sites that they have to go with; null: not checked.</param>
    /// <exception cref="CommandFailure">One cannot be read.</exception>
    public static Checked<ImmutableArray<DescribedFile<Application>>> Read(
        Terminal terminal, IReadOnlyCollection<string> paths, IReadOnlyDictionary<SiteId, Site>? federation = null)
    {
        FileArguments.Check(paths);
        var (found, faults, once) = (ImmutableArray.CreateBuilder<DescribedFile<Application>>(), new List<Fault>(), new DescribedOnce("application"));
        foreach (var input in paths.SelectMany(path => FileArguments.Expand(path)).Select(path => FileArguments.Read(terminal, path)))
        {
            var parsed = ApplicationFile.Parse(input.Text, input.Name, federation);
            faults.AddRange(parsed.Faults);
            if (parsed.IsSound)
            {
                found.Add(new(parsed.Value, input.Name, input.Text));
                faults.AddRange(once.Check($"{parsed.Value.Id}", input.Name, input.Text) is { } twice ? [twice] : []);
            }
        }

        return new(found.ToImmutable(), [.. faults]);
    }
}
