using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Federation.Scenarios.Hosts;

/// <summary>One copy of a VM: one process of QEMU, from when its monitor was found until it is gone.</summary>
internal sealed class WatchedCopy : IDisposable
{
    private readonly Socket socket;
    private readonly Lock gate = new();
    private readonly List<RunInterval> past = [];
    private long? since;

    private WatchedCopy(string host, string path, string name, long begin, Socket socket)
    {
        (Host, Path, Name, Begin, this.socket) = (host, path, name, begin, socket);
        new Thread(Read) { IsBackground = true, Priority = ThreadPriority.Highest }.Start();
    }

    public string Host { get; }

    /// <summary>Its monitor for observers.</summary>
    public string Path { get; }

    public string Name { get; }

    /// <summary>The name of its VM's folder, which is the same at all hosts.</summary>
    public string Vm => System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(Path)!);

    /// <summary>When its process began, microseconds.</summary>
    public long Begin { get; }

    /// <summary>Whether its process has said a word: what listens and greets nobody is no copy.</summary>
    public bool HasGreeted { get; private set; }

    /// <summary>Whether its process has ended.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Whether it runs.</summary>
    public bool Runs
    {
        get
        {
            lock (gate)
            {
                return since is not null;
            }
        }
    }

    /// <summary>When it ran.</summary>
    public ImmutableArray<RunInterval> Intervals
    {
        get
        {
            lock (gate)
            {
                return since is { } now ? [.. past, new(Name, now, long.MaxValue)] : [.. past];
            }
        }
    }

    /// <summary>Looks at a copy; null: it does not listen.</summary>
    public static WatchedCopy? Connect(string host, string path, string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            var made = Microseconds(File.GetLastWriteTimeUtc(path));
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new(host, path, name, made, socket);
        }
        catch (Exception gone) when (gone is SocketException or IOException)
        {
            socket.Dispose();
            return null;
        }
    }

    public void Dispose() => socket.Dispose();

    private static long Microseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private void Read()
    {
        try
        {
            using var lines = new StreamReader(new NetworkStream(socket));
            socket.Send(Encoding.UTF8.GetBytes("""{"execute":"qmp_capabilities"}{"execute":"query-status"}"""));
            while (lines.ReadLine() is { } line)
            {
                HasGreeted = true;
                Take(JsonDocument.Parse(line).RootElement);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            // Its process has ended.
        }

        Stopped(Microseconds(TimeProvider.System.GetUtcNow().UtcDateTime));
        IsGone = true;
    }

    private void Take(JsonElement word)
    {
        if (word.TryGetProperty("return", out var answer) && answer.TryGetProperty("running", out var runs) && runs.GetBoolean())
        {
            // It ran before it was asked; not before it had a monitor.
            Began(Begin);
        }
        else if (word.TryGetProperty("event", out var named) && word.GetProperty("timestamp") is var stamp)
        {
            var at = (stamp.GetProperty("seconds").GetInt64() * 1_000_000) + stamp.GetProperty("microseconds").GetInt64();
            Happened(named.GetString()!, at);
        }
    }

    private void Happened(string what, long at)
    {
        if (what is "RESUME")
        {
            Began(at);
        }
        else if (what is "STOP" or "SHUTDOWN")
        {
            Stopped(at);
        }
    }

    private void Began(long at)
    {
        lock (gate)
        {
            since ??= at;
        }
    }

    private void Stopped(long at)
    {
        lock (gate)
        {
            if (since is { } from)
            {
                past.Add(new(Name, from, at));
                since = null;
            }
        }
    }
}
