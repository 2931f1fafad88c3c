using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Federation.Sensor.Live.Points;
using Federation.Sensor.Live.Sockets;
using Federation.Sensor.Live.Tables;

namespace Federation.Sensor.Live.Kernel;

/// <summary>
/// Takes privilege away from the whole process once the counting program is loaded: the process is executed again with CAP_NET_RAW alone,
/// and the program and its tables, which are open files, go along.
/// </summary>
/// <remarks>
/// Linux keeps capabilities for each thread, and a managed process has threads from the start that no code of ours runs on: only a new image
/// has none that keeps them.
/// </remarks>
internal static partial class KernelHandover
{
    private const string Variable = "FEDERATION_SENSOR_KERNEL";
    private const int NetRaw = 13;
    private const int LastCapability = 63;
    private const int DropFromBounds = 24;
    private const int Ambient = 47;
    private const int AmbientLower = 3;
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;

    /// <summary>The files that the image before has left open; empty if there was none.</summary>
    public static ImmutableArray<KeptFile> Files =>
        [.. (Environment.GetEnvironmentVariable(Variable) ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    /// <summary>Executes this process again with less privilege; does not return if that works.</summary>
    /// <param name="files">What goes along.</param>
    /// <exception cref="IOException">It does not; nothing has changed but that privilege may have gone.</exception>
    public static void Execute(IReadOnlyList<KeptFile> files)
    {
        foreach (var file in files)
        {
            _ = Control(file.Descriptor, SetDescriptorFlags, 0);
        }

        for (var capability = 0; capability <= LastCapability; capability++)
        {
            if (capability != NetRaw)
            {
                // What it never had cannot be taken away, and that is well.
                _ = Process(Ambient, AmbientLower, capability, 0, 0);
                _ = Process(DropFromBounds, capability, 0, 0, 0);
            }
        }

        var arguments = File.ReadAllText("/proc/self/cmdline", Encoding.UTF8).TrimEnd('\0').Split('\0');
        var variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Select(entry => $"{entry.Key}={entry.Value}")
            .Append($"{Variable}={string.Join(':', files.Select(file => $"{file.Descriptor}={file.Name}"))}").ToArray();
        Execute("/proc/self/exe", [.. arguments, null], [.. variables, null]);
        throw NativeFault.Last("executing the sensor again with less privilege");
    }

    /// <summary>Keeps what was handed over from programs that this one starts.</summary>
    public static void Keep(IEnumerable<KeptFile> files)
    {
        foreach (var file in files)
        {
            _ = Control(file.Descriptor, SetDescriptorFlags, CloseOnExec);
        }

        Environment.SetEnvironmentVariable(Variable, null);
    }

    private static KeptFile Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return new KeptFile(text[(at + 1)..], int.Parse(text[..at], NumberStyles.None, CultureInfo.InvariantCulture));
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Process(int option, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments, string?[] variables);
}

/// <summary>The open socket of a point, which says by its name what it watches.</summary>
/// <param name="Point">The point.</param>
/// <param name="Interface">Its interface.</param>
/// <param name="Descriptor">Its number in this process.</param>
internal sealed record PointFile(CapturePoint Point, EthernetInterface Interface, int Descriptor)
{
    private const string Kind = "point";

    /// <summary>The file of a point that is watched.</summary>
    public static KeptFile Of(CapturePoint point, EthernetInterface found, PacketSocket socket) => new(
        string.Create(CultureInfo.InvariantCulture, $"{Kind}.{point.Side}.{found.Index}.{found.Name}"), (int)socket.Handle.DangerousGetHandle());

    /// <summary>What a file's name says; null if it is no point's.</summary>
    public static PointFile? Parse(KeptFile file) =>
        file.Name.Split('.', 4) is [Kind, var side, var index, var name]
        && Enum.TryParse<CaptureSide>(side, out var known)
        && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new PointFile(new CapturePoint(name, known), new EthernetInterface(name, number), file.Descriptor)
            : null;
}

/// <summary>What a table says of itself, in the place of two counters.</summary>
/// <param name="Number">1 for the first that was counted in, and one more with every cut; 0: none.</param>
/// <param name="Begun">When it was begun to be counted in, to the millisecond.</param>
internal readonly record struct TableStamp(long Number, DateTimeOffset Begun)
{
    /// <summary>The number of the first.</summary>
    public const long First = 1;

    /// <summary>As it was put into a table.</summary>
    public static TableStamp Of(FrameCounters counters) => new(counters.Packets, DateTimeOffset.FromUnixTimeMilliseconds(counters.Bytes));

    /// <summary>As it is put into a table.</summary>
    public FrameCounters ToCounters() => new() { Packets = Number, Bytes = Begun.ToUnixTimeMilliseconds() };
}
