using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.ExceptionServices;

namespace Federation.Scenarios.Sensors;

/// <summary>A named network namespace, which goes when this does.</summary>
internal sealed partial class NetworkNamespace : IDisposable
{
    private const int NetworkOnly = 0x40000000;

    public NetworkNamespace(string name)
    {
        Name = name;
        Ip($"netns add {name}");
        In("link set lo up");
        // Nothing is to be sent that no test sends.
        Exec("sh", "-c", "for f in all default; do echo 1 > /proc/sys/net/ipv6/conf/$f/disable_ipv6; done");
    }

    public string Name { get; }

    /// <summary>Runs <c>ip</c>.</summary>
    public static void Ip(string arguments) => Run("ip", arguments.Split(' '));

    /// <summary>Runs <c>ip</c> in here.</summary>
    public void In(string arguments) => Ip($"-n {Name} {arguments}");

    /// <summary>Runs a program in here and returns what it prints.</summary>
    public string Exec(params string[] command) => Run("ip", ["netns", "exec", Name, .. command]);

    /// <summary>Makes a socket that belongs in here, wherever it is used.</summary>
    public Socket Socket(AddressFamily family, SocketType type, ProtocolType protocol) => Do(() => new Socket(family, type, protocol));

    /// <summary>Does something in here, as making what belongs in here, wherever it is used.</summary>
    public T Do<T>(Func<T> work)
        where T : class
    {
        T? made = null;
        ExceptionDispatchInfo? failure = null;
        // A thread of its own: it is in here for good.
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                made = work();
            }
#pragma warning disable CA1031 // It is thrown again where it was asked for.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(fault);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return made!;
    }

    /// <summary>A client whose connections are made in here.</summary>
    public HttpClient Http() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancel) =>
        {
            var socket = Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    public void Dispose() => Run("ip", ["netns", "delete", Name]);

    private void Enter()
    {
        using var file = File.OpenHandle($"/run/netns/{Name}");
        if (SetNamespace(file, NetworkOnly) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    private static string Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEndAsync();
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? printed
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {said.Result}");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeHandle descriptor, int kind);
}
