using System.ComponentModel;
using System.Runtime.InteropServices;
using Federation.Domain.Identity;
using Microsoft.Win32.SafeHandles;

namespace Federation.Host.Networks;

/// <summary>Does at once, by the kernel's own messages, what a move's switch hangs on. The programs that are told all of it do it once more. For one thread.</summary>
/// <remarks>
/// To start a program takes 10 to 30 ms, on a busy machine more, and what arrives meanwhile for a VM that stands still is lost. What cannot be done here is no fault: the programs do it,
/// and say why they cannot. Source: rtnetlink(7), linux/neighbour.h, linux/netfilter/nf_tables.h.
/// </remarks>
/// <param name="open">Opens a netlink socket of a protocol.</param>
internal sealed partial class KernelAhead(Func<int, SafeFileHandle> open)
{
    private const int Family = 16;
    private const int RawNotInherited = 3 | 0x80000;
    private const int Route = 0;
    private const int Netfilter = 12;

    /// <summary>Opens a netlink socket in the network of the thread.</summary>
    /// <exception cref="IOException">The system has none.</exception>
    public static SafeFileHandle Open(int protocol) => Socket(Family, RawNotInherited, protocol) is >= 0 and var descriptor
        ? new SafeFileHandle(descriptor, ownsHandle: true)
        : throw new IOException($"no netlink socket can be opened: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    /// <summary>Has all of its code made ready, by asking for what the kernel refuses: the first time takes a hundred times as long, and is not to be a switch.</summary>
    public void Prepare() => Do("lo", [new(Address.Mac(new byte[6]), "lo")], [Address.Mac(new byte[6])]);

    /// <summary>Does it.</summary>
    /// <param name="tunnel">The end of the segment's tunnels.</param>
    /// <param name="ports">Hardware addresses, each with the bridge's port that leads to it from now on.</param>
    /// <param name="forwarded">Hardware addresses whose frames are sent on from now on as they come out of a tunnel.</param>
    public void Do(string tunnel, IReadOnlyCollection<KeyValuePair<Address, string>> ports, IReadOnlyCollection<Address> forwarded)
    {
        try
        {
            if (forwarded.Count > 0)
            {
                using var filter = open(Netfilter);
                Say(filter, NetlinkMessages.Elements(tunnel, FilterRuleset.Forwarded, forwarded));
            }

            if (ports.Count > 0)
            {
                using var route = open(Route);
                foreach (var (mac, port) in ports)
                {
                    Point(route, mac, port);
                }
            }
        }
        catch (IOException)
        {
            // The programs say why.
        }
    }

    // The kernel answers before the question's system call returns.
    private static void Point(SafeFileHandle route, Address mac, string port)
    {
        var answer = new byte[8192];
        Say(route, NetlinkMessages.Link(port));
        if (NetlinkMessages.IndexIn(answer.AsSpan(0, (int)Checked(Receive(route, ref answer[0], answer.Length, 0)))) is { } index)
        {
            Say(route, NetlinkMessages.BridgeEntry(mac, index));
        }
    }

    private static void Say(SafeFileHandle socket, byte[] message) => Checked(Send(socket, ref message[0], message.Length, 0));

    private static nint Checked(nint result) => result >= 0 ? result : throw new IOException($"netlink: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int kind, int protocol);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeFileHandle socket, ref byte message, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(SafeFileHandle socket, ref byte buffer, nint length, int flags);
}
