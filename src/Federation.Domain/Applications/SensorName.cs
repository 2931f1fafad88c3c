namespace Federation.Domain.Applications;

/// <summary>What a sensor, or a host, may be called.</summary>
public static class SensorName
{
    /// <summary>The longest name, characters.</summary>
    public const int Longest = Limits.Text.Name;

    private const string Right = "write 1 to 63 letters, digits, dots, dashes, underscores or @, such as host1";

    /// <summary>Why a sensor cannot be called so; null if it can.</summary>
    public static string? FaultOf(string? sensor) =>
        !IsName(sensor) ? $"sensor '{sensor}' is no name: {Right}"
        : sensor is "." or ".." ? $"sensor '{sensor}' is no name: an address takes it for a folder; {Right}"
        : sensor == "self" ? "sensor 'self' is no name: that is how a sensor calls itself; choose another one"
        : null;

    /// <summary>Why a host cannot be called so; null if it can.</summary>
    public static string? FaultOfHost(string host) => IsName(host) ? null : $"host '{host}' is no name: {Right}";

    private static bool IsName(string? text) =>
        text is { Length: > 0 and <= Longest } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@');
}
