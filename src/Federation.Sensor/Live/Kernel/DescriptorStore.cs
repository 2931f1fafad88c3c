using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Federation.Sensor.Live.Sockets;

namespace Federation.Sensor.Live.Kernel;

/// <summary>
/// The service manager's store of open files (systemd: FileDescriptorStoreMax): what is in it stays open while no sensor runs, so that the
/// kernel counts on, and the next start gets it back.
/// </summary>
/// <remarks>Protocols: sd_notify(3), sd_listen_fds(3). Not safe for use by several threads.</remarks>
internal sealed unsafe class DescriptorStore : IDisposable
{
    private const int FirstReceived = 3;
    private const int SocketLevel = 1;
    private const int Rights = 1;
    private static readonly string[] Variables = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"];

    private readonly Socket socket;

    private DescriptorStore(Socket socket) => this.socket = socket;

    /// <summary>Why the manager could not be told the last time; null: it could, or was never told anything.</summary>
    public string? Fault { get; private set; }

    /// <summary>The store of the manager that started this process; null if there is none.</summary>
    public static DescriptorStore? Open()
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not [_, _, ..] address)
        {
            return null;
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            // An address that begins so is of no file.
            socket.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? '\0' + address[1..] : address));
            return new DescriptorStore(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>What the manager kept for this process, once: the next call finds nothing.</summary>
    public static ImmutableArray<KeptFile> Receive()
    {
        var values = Array.ConvertAll(Variables, Environment.GetEnvironmentVariable);
        Array.ForEach(Variables, name => Environment.SetEnvironmentVariable(name, null));
        var names = values[2]?.Split(':') ?? [];
        return values[0] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            && values[1] == names.Length.ToString(CultureInfo.InvariantCulture)
            ? [.. names.Select((name, at) => new KeptFile(name, FirstReceived + at))]
            : [];
    }

    /// <summary>Has a file kept open. The manager is not to look at what happens to it: an interface that goes down is no reason to close.</summary>
    public void Keep(KeptFile file) => Tell($"FDSTORE=1\nFDPOLL=0\nFDNAME={file.Name}", file.Descriptor);

    /// <summary>Has the manager close what it keeps under a name.</summary>
    public void Forget(string name) => Tell($"FDSTOREREMOVE=1\nFDNAME={name}", null);

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private void Tell(string message, int? descriptor)
    {
        var text = Encoding.UTF8.GetBytes(message);
        fixed (byte* start = text)
        {
            var part = new Part { Start = start, Length = (nuint)text.Length };
            var attached = new Attached { Length = (nuint)(sizeof(nuint) + (3 * sizeof(int))), Level = SocketLevel, Type = Rights, Descriptor = descriptor ?? -1 };
            var header = new Header
            {
                Parts = &part, PartCount = 1, Control = descriptor is null ? null : &attached, ControlLength = descriptor is null ? 0 : (nuint)sizeof(Attached),
            };
            Fault = LibC.SendMessage(socket.SafeHandle, &header, 0) < 0 ? NativeFault.Last("telling the service manager").Message : null;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public void* Name;
        public uint NameLength;
        public Part* Parts;
        public nuint PartCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Part
    {
        public void* Start;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Attached
    {
        public nuint Length;
        public int Level;
        public int Type;
        public int Descriptor;
    }
}

/// <summary>An open file that outlives the image of the process that opened it, or the process.</summary>
/// <param name="Name">What it is; of letters, digits, points and hyphens, and the name of an interface.</param>
/// <param name="Descriptor">Its number in this process.</param>
internal readonly record struct KeptFile(string Name, int Descriptor);
