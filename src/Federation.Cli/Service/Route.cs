using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Federation.Cli.Service;

/// <summary>Builds the path and query of a request; every part is escaped.</summary>
internal sealed partial class Route
{
    private const string Root = "/v1";
    private readonly StringBuilder text;
    private char separator = '?';

    private Route(string text) => this.text = new(text);

    /// <summary>Where the next page of a list is, by the service's <c>Link</c>; null if it names none below <c>/v1</c>.</summary>
    public static Route? Next(string link) =>
        NextPage().Match(link) is { Success: true } found ? new(found.Groups["path"].Value) : null;

    /// <summary>A path below <c>/v1</c>.</summary>
    /// <exception cref="CommandFailure">A part cannot be the name of anything.</exception>
    public static Route To(params ReadOnlySpan<string> parts)
    {
        var route = new Route(Root);
        foreach (var part in parts)
        {
            // Whoever reads an address leaves such parts out: it would be about something else.
            if (part is "" or "." or "..")
            {
                throw new CommandFailure($"'{part}' names nothing");
            }

            route.text.Append('/').Append(Uri.EscapeDataString(part));
        }

        return route;
    }

    /// <summary>Adds a parameter; none if the value is null.</summary>
    public Route With(string name, IFormattable? value) => With(name, value?.ToString(null, CultureInfo.InvariantCulture));

    /// <summary>Adds a parameter; none if the value is null.</summary>
    public Route With(string name, string? value)
    {
        if (value is not null)
        {
            text.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return this;
    }

    /// <summary>Adds a parameter that is there or not.</summary>
    public Route With(string name, bool isSet) => isSet ? With(name, "true") : this;

    /// <summary>What a parameter says; null if it is not there.</summary>
    public string? Value(string name) => System.Web.HttpUtility.ParseQueryString(ToString().Split('?', 2) is [_, var query] ? query : "")[name];

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    [GeneratedRegex("<(?<path>/v1/[^>]*)>; *rel=\"next\"")]
    private static partial Regex NextPage();
}
