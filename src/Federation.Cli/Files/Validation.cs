using System.Collections.Immutable;
using Federation.Cli.Terminals;
using Federation.Domain.Applications;
using Federation.Domain.Sites;
using Federation.Files;
using Federation.Yaml;

namespace Federation.Cli.Files;

/// <summary>A warning in its file.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1; 0: not known.</param>
/// <param name="Warning">What is odd.</param>
internal sealed record FileWarning(string File, int Line, Warning Warning)
{
    /// <inheritdoc/>
    public override string ToString() => Warning.At(File, Line);
}

/// <summary>What checking files together gave.</summary>
/// <param name="Sites">The sound sites.</param>
/// <param name="Applications">The sound applications.</param>
/// <param name="Faults">Every fault of all files.</param>
/// <param name="Warnings">What sound files say that is hardly meant.</param>
internal sealed record Validation(
    ImmutableArray<DescribedFile<Site>> Sites, ImmutableArray<DescribedFile<Application>> Applications, ImmutableArray<Fault> Faults, ImmutableArray<FileWarning> Warnings)
{
    /// <summary>The same for programs.</summary>
    public ValidationDocument Document => new(
        [.. Sites.Select(site => site.Model.Id.Value)],
        [.. Applications.Select(application => $"{application.Model.Id}")],
        [.. Faults.Select(fault => new ValidationDocument.Finding(fault.File, fault.Line, fault.Key, fault.Value, fault.Problem, fault.Remedy))],
        [.. Warnings.Select(found => new ValidationDocument.Finding(
            found.File, found.Line, found.Warning.Key, found.Warning.Value, found.Warning.Problem, found.Warning.Remedy))]);

    /// <summary>Checks a folder of sites and application files, each with the others.</summary>
    /// <param name="terminal">Where standard input is.</param>
    /// <param name="folder">The sites; null: none, and the applications' sites are not checked.</param>
    /// <param name="applications">Application files, folders of them, standard input.</param>
    /// <exception cref="CommandFailure">One cannot be read.</exception>
    public static Validation Of(Terminal terminal, string? folder, IReadOnlyCollection<string> applications)
    {
        var sites = folder is null ? new([], []) : SiteFiles.InFolder(FederationFiles.Folder(folder));
        // Sites with faults are no measure for an application: it would be told of sites that are missing for that reason only.
        var federation = folder is null || !sites.Faults.IsEmpty ? null : sites.Value.ToDictionary(site => site.Model.Id, site => site.Model);
        var read = ApplicationFiles.Read(terminal, applications, federation);
        return new(
            sites.Value,
            read.Value,
            [.. sites.Faults, .. read.Faults],
            [.. WarningsOf(sites.Value), .. WarningsOf(read.Value, federation?.Values)]);
    }

    private static IEnumerable<FileWarning> WarningsOf(ImmutableArray<DescribedFile<Site>> sites)
    {
        var among = Federation.Files.Warnings.Among([.. sites.Select(site => site.Model)]).ToLookup(found => found.Site.Id, found => found.Warning);
        return sites.SelectMany(site => Located(site, among[site.Model.Id]));
    }

    private static IEnumerable<FileWarning> WarningsOf(ImmutableArray<DescribedFile<Application>> applications, IReadOnlyCollection<Site>? federation)
    {
        var shared = SharedAddresses.Among([.. applications.Select(file => file.Model)]).ToLookup(found => found.Application, found => found.Warning);
        return applications.SelectMany(file => Located(file, [.. Federation.Files.Warnings.Of(file.Model, federation), .. shared[file.Model]]));
    }

    private static IEnumerable<FileWarning> Located<T>(DescribedFile<T> file, IEnumerable<Warning> warnings) =>
        file.Located(warnings).Select(found => new FileWarning(file.Name, found.Line, found.Warning));
}

/// <summary>What <c>fedctl validate -o json</c> prints.</summary>
/// <param name="Sites">The names of the sound sites.</param>
/// <param name="Applications">The names of the sound applications, each with its tenant.</param>
/// <param name="Faults">What is wrong.</param>
/// <param name="Warnings">What is allowed and hardly meant.</param>
internal sealed record ValidationDocument(
    string[] Sites, string[] Applications, ValidationDocument.Finding[] Faults, ValidationDocument.Finding[] Warnings)
{
    /// <summary>One of them.</summary>
    internal sealed record Finding(string File, int Line, string Key, string? Value, string Problem, string Remedy);
}
