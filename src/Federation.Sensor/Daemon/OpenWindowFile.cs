using System.Collections.Immutable;
using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Sensor.Attribution;
using Federation.Sensor.Discovery;
using Federation.Sensor.Live;
using Federation.Sensor.Spool;

namespace Federation.Sensor.Daemon;

/// <summary>Keeps what an open window has so far, so that the end of the process costs only what came after.</summary>
internal static class OpenWindowFile
{
    private const string Name = "open-window.json";

    /// <summary>Keeps it in place of what was kept before.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void Write(ISpoolFiles files, WindowCount count) =>
        files.Replace(Name, JsonSerializer.SerializeToUtf8Bytes(Kept.Of(count)));

    /// <summary>What was kept; null if nothing was, or it cannot be read.</summary>
    public static WindowCount? Read(ISpoolFiles files)
    {
        try
        {
            return files.Read(Name) is { } data ? JsonSerializer.Deserialize<Kept>(data)?.ToCount() : null;
        }
        catch (Exception fault) when (fault is JsonException or FormatException or ArgumentException)
        {
            // From another version, or not ours: what it counted is a gap.
            return null;
        }
    }

    private sealed record Kept(
        DateTimeOffset Window, DateTimeOffset Until, TimeSpan Gap, Dictionary<string, TimeSpan> GapsOf, long Dropped,
        KeptTally[] Tallies, KeptVm[] Vms, long Counted)
    {
        public static Kept Of(WindowCount count) => new(
            count.Window.Start, count.Until, count.Gap, new(count.GapsOf), count.Dropped,
            [.. count.Tallies.Select(KeptTally.Of)],
            [.. count.Vms.Select(vm => new KeptVm(
                vm.Vm.Vm.Key, [.. vm.Vm.Addresses.Select(address => address.ToString())], vm.Vm.Tap, vm.Stay))], count.Counted);

        // Without peers: what goes to them is reported as sent, and left aside by the service.
        public WindowCount ToCount() => new(
            Federation.Domain.Traffic.Window.Containing(Window), Until, Gap, GapsOf.ToImmutableDictionary(), Dropped,
            [.. Tallies.Select(tally => tally.ToTally())],
            [.. Vms.Select(vm => new PresentVm(
                new LocalVm(VmRef.Parse(vm.Vm), [.. vm.Addresses.Select(Address.Parse)], vm.Tap), vm.Stay))],
            [], Counted);
    }

    private sealed record KeptVm(string Vm, string[] Addresses, string? Tap, Stay Stay);

    private sealed record KeptTally(
        string Interface, bool Towards, string? SourceMac, string? DestinationMac, string? Source, string? Destination, long Packets, long Bytes)
    {
        public static KeptTally Of(FrameTally tally) => new(
            tally.Interface, tally.Towards, Text(tally.SourceMac), Text(tally.DestinationMac), Text(tally.Source), Text(tally.Destination),
            tally.Packets, tally.Bytes);

        public FrameTally ToTally() => new(
            Interface, Towards, Read(SourceMac), Read(DestinationMac), Read(Source), Read(Destination), Packets, Bytes);

        private static string? Text(Address address) => address.Kind == AddressKind.None ? null : address.ToString();

        private static Address Read(string? text) => text is null ? default : Address.Parse(text);
    }
}
