using System.Globalization;
using Federation.Sensor.Live.Points;
using Federation.Sensor.Live.Sockets;

namespace Federation.Sensor.Live.Kernel;

/// <summary>The open socket of a point, which says by its name what it watches.</summary>
/// <param name="Point">The point.</param>
/// <param name="Interface">Its interface.</param>
/// <param name="Descriptor">Its number in this process.</param>
internal sealed record PointFile(CapturePoint Point, EthernetInterface Interface, int Descriptor)
{
    private const string Kind = "point";

    /// <summary>The file of a point that is watched.</summary>
    public static KeptFile Of(CapturePoint point, EthernetInterface found, PacketSocket socket) => new(
        string.Create(CultureInfo.InvariantCulture, $"{Kind}.{point.Side}.{found.Index}.{found.Name}"), (int)socket.Handle.DangerousGetHandle());

    /// <summary>What a file's name says; null if it is no point's.</summary>
    public static PointFile? Parse(KeptFile file) =>
        file.Name.Split('.', 4) is [Kind, var side, var index, var name]
        && Enum.TryParse<CaptureSide>(side, out var known)
        && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new PointFile(new CapturePoint(name, known), new EthernetInterface(name, number), file.Descriptor)
            : null;
}
