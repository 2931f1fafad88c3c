using System.Collections.Immutable;
using System.Net;
using Federation.Sensor.Live;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;

namespace Federation.Sensor.Settings;

/// <summary>The single values of a sensor's file that only files of programs on hosts have.</summary>
public static class SensorWords
{
    /// <summary>The service's addresses, with commas between them.</summary>
    public static readonly ScalarType<ImmutableArray<Uri>> Servers = new(text =>
    {
        ImmutableArray<Uri?> all = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(AddressOf).Distinct()];
        return all.Contains(null)
            ? Reading.No<ImmutableArray<Uri>>("is no http or https address", "write e.g. https://placement.example:8443, or several with commas between them")
            : Reading.Of(all.CastArray<Uri>());
    });

    /// <summary>Where to listen: an address and port of this host alone, or <c>off</c>.</summary>
    public static readonly ScalarType<IPEndPoint?> Listen = new(text =>
        text == "off" ? Reading.Of<IPEndPoint?>(null)
        : IPEndPoint.TryParse(text, out var end) && end.Port > 0
            ? IPAddress.IsLoopback(end.Address)
                ? Reading.Of<IPEndPoint?>(end)
                : Reading.No<IPEndPoint?>("is open to other hosts", "write an address of this host alone, such as 127.0.0.1:9474")
            : Reading.No<IPEndPoint?>("is no address and port", "write e.g. 127.0.0.1:9474, or off"));

    /// <summary>The name of a network interface.</summary>
    public static readonly ScalarType<string> Interface = Names.Label.That(
        name => name.Length <= 15, "is longer than an interface's name can be", "write at most 15 characters, such as br0");

    /// <summary>The name of an interface, or what it begins with and a star.</summary>
    public static readonly ScalarType<string> Tap = new(text =>
        Interface.Read(text.EndsWith('*') && text.Length > 1 ? text[..^1] : text).Then(_ => Reading.Of(text)));

    /// <summary>A capture backend.</summary>
    public static readonly ScalarType<string> Backend = new(text => CaptureBackends.Names.Contains(text)
        ? Reading.Of(text)
        : Reading.No<string>("is no backend", $"write one of {string.Join(", ", CaptureBackends.Names)}"));

    /// <summary>true or false.</summary>
    public static readonly ScalarType<bool> Truth = new(text => bool.TryParse(text, out var truth)
        ? Reading.Of(truth)
        : Reading.No<bool>("is neither true nor false", "write true or false"));

    /// <summary>How often something is done.</summary>
    public static readonly ScalarType<TimeSpan> Interval = Durations.PositiveSpan.That(
        span => span >= TimeSpan.FromSeconds(1) && span <= TimeSpan.FromHours(1), "is not from 1s to 1h", "write e.g. 5s");

    private static Uri? AddressOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;

    /// <summary>How often an open window is looked at.</summary>
    public static readonly ScalarType<TimeSpan> Sample = Durations.PositiveSpan.That(
        span => span >= TimeSpan.FromSeconds(1) && span <= TimeSpan.FromSeconds(15), "is not from 1s to 15s", "write e.g. 5s");
}
