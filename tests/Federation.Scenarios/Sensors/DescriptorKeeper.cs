using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Federation.Scenarios.Sensors;

/// <summary>Keeps a process's files open as the service manager does by its descriptor store, and gives them to the next one.</summary>
internal sealed unsafe partial class DescriptorKeeper : IDisposable
{
    private const int Duplicate = 0;
    private const int FirstKept = 200;

    private readonly Lock gate = new();
    private readonly SortedDictionary<string, int> files = new(StringComparer.Ordinal);
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string path;
    private readonly Thread work;
    private volatile bool isOver;

    /// <param name="path">Where it can be told.</param>
    public DescriptorKeeper(string path)
    {
        this.path = path;
        socket.Bind(new UnixDomainSocketEndPoint(path));
        work = new Thread(Receive);
        work.Start();
    }

    /// <summary>What a shell does before it becomes the process: the kept files get the numbers that it expects.</summary>
    public string Handing
    {
        get
        {
            lock (gate)
            {
                var numbers = files.Values.Select((file, at) => $"{3 + at}<&{file}");
                return $"export NOTIFY_SOCKET={path}; " + (files.Count == 0
                    ? ""
                    : $"exec {string.Join(' ', numbers)}; export LISTEN_PID=$$ LISTEN_FDS={files.Count} LISTEN_FDNAMES={string.Join(':', files.Keys)}; ");
            }
        }
    }

    public void Dispose()
    {
        isOver = true;
        work.Join();
        socket.Dispose();
        foreach (var file in files.Values)
        {
            _ = Close(file);
        }
    }

    private void Receive()
    {
        while (!isOver)
        {
            if (socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead))
            {
                Take();
            }
        }
    }

    private void Take()
    {
        var text = stackalloc byte[1024];
        var part = new Part { Start = text, Length = 1024 };
        var attached = default(Attached);
        var header = new Header { Parts = &part, PartCount = 1, Control = &attached, ControlLength = (nuint)sizeof(Attached) };
        var length = ReceiveMessage(socket.SafeHandle, &header, 0);
        var lines = Encoding.UTF8.GetString(text, (int)length).Split('\n').Select(line => line.Split('=', 2)).ToDictionary(line => line[0], line => line[1]);
        var name = lines["FDNAME"];
        lock (gate)
        {
            if (files.Remove(name, out var old))
            {
                _ = Close(old);
            }

            if (lines.ContainsKey("FDSTORE"))
            {
                files.Add(name, Control(attached.Descriptor, Duplicate, FirstKept));
                _ = Close(attached.Descriptor);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(SafeHandle socket, void* message, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

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
