using System.Runtime.InteropServices;
using SharpPcap.LibPcap;

namespace Federation.Sensor.Live.Pcap;

/// <summary>Functions of libpcap that SharpPcap has and keeps to itself, or wraps at a greater cost for each frame.</summary>
internal static unsafe class LibPcap
{
    private static readonly string[] Names = ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so"];
    private static readonly nint Library = Names.Select(Load).FirstOrDefault(handle => handle != 0);

    private static readonly delegate* unmanaged<nint, int> SelectableDescriptor =
        (delegate* unmanaged<nint, int>)Function("pcap_get_selectable_fd");

    private static readonly delegate* unmanaged<nint, int, delegate* unmanaged<nint, byte*, byte*, void>, nint, int> DispatchFrames =
        (delegate* unmanaged<nint, int, delegate* unmanaged<nint, byte*, byte*, void>, nint, int>)Function("pcap_dispatch");

    /// <summary>Whether it is installed.</summary>
    public static bool IsInstalled => Library != 0;

    /// <summary>The descriptor that becomes readable when there are frames.</summary>
    public static int DescriptorOf(PcapHandle device) => SelectableDescriptor(device.DangerousGetHandle());

    /// <summary>Hands over frames that are there.</summary>
    /// <param name="device">The device, which must not wait for frames.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="take">Takes what it was given as <paramref name="user"/>, pcap_pkthdr, and the frame.</param>
    /// <param name="user">Anything.</param>
    /// <returns>How many there were; negative if the device failed.</returns>
    public static int Dispatch(PcapHandle device, int most, delegate* unmanaged<nint, byte*, byte*, void> take, nint user) =>
        DispatchFrames(device.DangerousGetHandle(), most, take, user);

    private static nint Load(string name) => NativeLibrary.TryLoad(name, out var handle) ? handle : 0;

    private static nint Function(string name) => Library == 0 ? 0 : NativeLibrary.GetExport(Library, name);
}
