using System.Net;
using System.Net.Sockets;

namespace Federation.Testing;

/// <summary>Ports of 127.0.0.1 that nobody listens on, for servers of a test's own.</summary>
/// <remarks>
/// Below those that the kernel gives to outgoing connections (from 32768 on, unless somebody set that otherwise): a server that
/// is killed finds its port free when it starts again. None is given twice in one process.
/// </remarks>
public static class FreePort
{
    private const int First = 20_000;
    private const int Count = 32_768 - First;

    // Test programs that run one after the other begin at different places.
    private static int given = Environment.ProcessId * 97;

    /// <summary>The next one.</summary>
    public static int Take()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref given) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody listens there.
            }
        }
    }
}
