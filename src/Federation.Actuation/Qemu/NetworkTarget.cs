using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Federation.Domain.Hosts;

namespace Federation.Actuation.Qemu;

/// <summary>Where a destination waits: an address and a port, as text <c>tcp:10.0.0.2:49152</c>, <c>tcp:[fd00::2]:49152</c>.</summary>
internal readonly record struct NetworkTarget(string Host, int Port)
{
    private const string Scheme = "tcp:";

    /// <summary>Reads the text.</summary>
    /// <exception cref="DriverException">It is of another form.</exception>
    public static NetworkTarget Parse(string text) =>
        text.StartsWith(Scheme, StringComparison.Ordinal) && IPEndPoint.TryParse(text[Scheme.Length..], out var target) && target.Port > 0
            ? new(target.Address.ToString(), target.Port)
            : throw new DriverException($"'{text}' is no target of QEMU's driver, as tcp:10.0.0.2:49152");

    /// <summary>As QEMU's monitor takes it.</summary>
    /// <param name="type">What the socket is called there; null: the form has no type.</param>
    public JsonObject ToJson(string type) => new() { ["type"] = type, ["host"] = Host, ["port"] = Port.ToString(CultureInfo.InvariantCulture) };

    /// <summary>The text.</summary>
    public override string ToString() => $"{Scheme}{new IPEndPoint(IPAddress.Parse(Host), Port)}";
}
