using System.CommandLine;
using Federation.Cli.Service;

namespace Federation.Cli.Commands;

/// <summary>A host on the command line: <c>rennes/host1</c>, or <c>host1 --site rennes</c>.</summary>
internal sealed class HostName
{
    /// <summary>The name, with its site or without.</summary>
    public Argument<string> Name { get; } = new("HOST") { Description = "The host: its site and name, as rennes/host1, or its name alone with --site" };

    /// <summary>The site, where the name does not say it.</summary>
    public Option<string?> Site { get; } = new("--site") { Description = "The host's site", HelpName = "SITE" };

    /// <summary>What the command line says.</summary>
    /// <exception cref="CommandFailure">It names no site, or two.</exception>
    public (string Site, string Host) Of(ParseResult parse) => (parse.GetRequiredValue(Name).Split('/', 2), parse.GetValue(Site)) switch
    {
        ([var host], { } site) => (site, host),
        ([var host], null) => throw new CommandFailure($"say at which site {host} is: SITE/{host}, or --site SITE"),
        ([var site, var host], { } other) when site != other => throw new CommandFailure($"'{site}/{host}' is at {site}, --site says {other}: leave one of them out"),
        ([var site, var host], _) => (site, host),
        _ => throw new CommandFailure("say which host: SITE/HOST"),
    };

    /// <summary>Where the host is at the service.</summary>
    public Route RouteOf(ParseResult parse, params ReadOnlySpan<string> below)
    {
        var (site, host) = Of(parse);
        return Route.To(["sites", site, "hosts", host, .. below]);
    }
}
