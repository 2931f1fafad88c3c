using System.Globalization;
using System.Text;

namespace Federation.Cli.Service;

/// <summary>Builds the path and query of a request; every part is escaped.</summary>
internal sealed class Route
{
    private readonly StringBuilder text = new("/v1");
    private char separator = '?';

    /// <summary>A path below <c>/v1</c>.</summary>
    public static Route To(params ReadOnlySpan<string> parts)
    {
        var route = new Route();
        foreach (var part in parts)
        {
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

    /// <inheritdoc/>
    public override string ToString() => text.ToString();
}
