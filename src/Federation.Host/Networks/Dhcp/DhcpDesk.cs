using System.Net.Sockets;
using Federation.Domain.Identity;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Networks.Dhcp;

/// <summary>Answers VMs that ask for their address, each at its own tap: who asks there is known, and no other network hears it. For one thread.</summary>
/// <param name="open">Opens a socket on a tap, as <see cref="TapSocket.Open"/>.</param>
/// <param name="clock">Times answers.</param>
/// <param name="log">Hears where a tap cannot be listened at.</param>
internal sealed class DhcpDesk(Func<string, Socket> open, TimeProvider clock, ILogger log) : IDisposable
{
    // A VM that asks without an end gets no more than so many answers.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<string, (TapLease Lease, Socket Socket, Task Answering)> taps = [];
    private readonly Dictionary<AppId, HashSet<string>> served = [];
    private readonly HashSet<string> told = [];

    /// <summary>From now on the VMs of one application are answered so. A tap that went and came again is listened at anew.</summary>
    public void Serve(AppId application, IReadOnlyCollection<TapLease> leases)
    {
        var wanted = leases.ToDictionary(lease => lease.Tap);
        foreach (var tap in served.GetValueOrDefault(application, []))
        {
            if (taps.TryGetValue(tap, out var there) && (wanted.GetValueOrDefault(tap) != there.Lease || there.Answering.IsCompleted))
            {
                there.Socket.Dispose();
                taps.Remove(tap);
            }
        }

        served[application] = [.. wanted.Keys];
        foreach (var lease in leases.Where(lease => !taps.ContainsKey(lease.Tap)))
        {
            Open(lease);
        }
    }

    /// <summary>Nobody is answered any more.</summary>
    public void Dispose()
    {
        foreach (var (_, socket, _) in taps.Values)
        {
            socket.Dispose();
        }

        taps.Clear();
    }

    private void Open(TapLease lease)
    {
        try
        {
            var socket = open(lease.Tap);
            taps[lease.Tap] = (lease, socket, Answer(socket, lease));
            told.Remove(lease.Tap);
        }
        catch (Exception fault) when (fault is IOException or SocketException or UnauthorizedAccessException)
        {
            if (told.Add(lease.Tap))
            {
                log.TapNotServed(lease.Tap, fault.Message);
            }
        }
    }

    private async Task Answer(Socket socket, TapLease lease)
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer);
                if (DhcpAnswer.To(buffer[..length], lease) is { } answer)
                {
                    await socket.SendAsync(answer);
                    await Task.Delay(Rest, clock);
                }
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The tap has gone, or is another VM's from now on.
        }
    }
}
