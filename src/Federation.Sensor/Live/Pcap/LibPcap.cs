using System.Runtime.InteropServices;
using SharpPcap.LibPcap;

namespace Federation.Sensor.Live.Pcap;

/// <summary>The one function of libpcap that SharpPcap has and keeps to itself.</summary>
internal static class LibPcap
{
    private static readonly string[] Names = ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so"];
    private static readonly nint Library = Names.Select(Load).FirstOrDefault(handle => handle != 0);

    /// <summary>Whether it is installed.</summary>
    public static bool IsInstalled => Library != 0;

    /// <summary>The descriptor that becomes readable when there are frames.</summary>
    public static unsafe int DescriptorOf(PcapHandle handle) =>
        ((delegate* unmanaged<nint, int>)NativeLibrary.GetExport(Library, "pcap_get_selectable_fd"))(handle.DangerousGetHandle());

    private static nint Load(string name) => NativeLibrary.TryLoad(name, out var handle) ? handle : 0;
}
