using System.Net;
using System.Net.Sockets;

namespace Federation.Scenarios.Sensors;

/// <summary>The way from a host to the service, which can be cut: connections end, and new ones are refused, until it is mended.</summary>
internal sealed class CuttableLine : IAsyncDisposable
{
    private readonly Socket listener;
    private readonly Uri target;
    private readonly CancellationTokenSource over = new();
    private readonly Lock gate = new();
    private readonly List<Socket> open = [];
    private readonly Task work;
    private bool isCut;

    public CuttableLine(NetworkNamespace from, Uri target)
    {
        this.target = target;
        listener = from.Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        work = Accept();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}";

    public void Cut()
    {
        lock (gate)
        {
            isCut = true;
            open.ForEach(socket => socket.Dispose());
            open.Clear();
        }
    }

    public void Mend()
    {
        lock (gate)
        {
            isCut = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await over.CancelAsync();
        listener.Dispose();
        await work;
        over.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Forward(await listener.AcceptAsync(over.Token));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // All is over.
        }
    }

    private async Task Forward(Socket near)
    {
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!Keep(near, far))
            {
                return;
            }

            await far.ConnectAsync(target.Host, target.Port, over.Token);
            await Task.WhenAny(Copy(near, far), Copy(far, near));
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException or IOException)
        {
            // One end has gone, or the line was cut.
        }
        finally
        {
            near.Dispose();
            far.Dispose();
        }
    }

    private bool Keep(Socket near, Socket far)
    {
        lock (gate)
        {
            if (!isCut)
            {
                open.AddRange([near, far]);
            }

            return !isCut;
        }
    }

    private async Task Copy(Socket from, Socket to)
    {
        await using var source = new NetworkStream(from);
        await using var destination = new NetworkStream(to);
        await source.CopyToAsync(destination, over.Token);
    }
}
