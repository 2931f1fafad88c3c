using System.Collections.Immutable;
using System.Net;
using Federation.Domain.Identity;
using Federation.Sensor.Discovery;
using Federation.Sensor.Live;

namespace Federation.Sensor.Settings;

/// <summary>What a sensor is told by its file, checked. Holds lists: compared by reference.</summary>
public sealed record SensorSettings
{
    /// <summary>The sensor's name, one per host; the service knows the host by it.</summary>
    public required string Sensor { get; init; }

    /// <summary>The service's addresses, at least one: where one does not answer, the next is asked.</summary>
    public required ImmutableArray<Uri> Servers { get; init; }

    /// <summary>Certificates for https; null: as the machine trusts, and none is shown.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>The file that holds the sensor's token; read again for every connection, so that it can be changed while it runs.</summary>
    public required string TokenFile { get; init; }

    /// <summary>The folder of the spool and of the window that is open.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Where status and metrics are served, on this host only; null: nowhere. Default 127.0.0.1:9474.</summary>
    public IPEndPoint? Listen { get; init; } = new(IPAddress.Loopback, 9474);

    /// <summary>What is watched, and how.</summary>
    public required CaptureSettings Capture { get; init; }

    /// <summary>VMs that are on this host as long as the file says so.</summary>
    public ImmutableArray<LocalVm> Vms { get; init; } = [];

    /// <summary>How often the service is asked which VMs are on this host; null: it is not asked.</summary>
    public TimeSpan? AskService { get; init; }

    /// <summary>How libvirt is asked which VMs are on this host; null: it is not asked.</summary>
    public LibvirtSettings? Libvirt { get; init; }

    /// <summary>Servers to which the frames that VMs send are counted, whether there is a VM of theirs there or not.</summary>
    public ImmutableSortedSet<Address> FileServers { get; init; } = [];

    /// <summary>Whether frames that VMs send to anywhere but a VM of their application are counted, as traffic costs need it. Default true.</summary>
    public bool SentOutside { get; init; } = true;

    /// <summary>How much the spool may take, bytes. Default 256 MiB.</summary>
    public long SpoolBytes { get; init; } = 256L << 20;

    /// <summary>Reports in one request. Default 500.</summary>
    public int BatchSize { get; init; } = 500;
}

/// <summary>The files of certificates (PEM).</summary>
/// <param name="Authority">The authority that the service's certificate has to be of.</param>
/// <param name="Certificate">Shown to the service; null: none is.</param>
/// <param name="Key">Its key; null without a certificate.</param>
public sealed record TlsFiles(string Authority, string? Certificate, string? Key);

/// <summary>What is watched, and how.</summary>
public sealed record CaptureSettings
{
    /// <summary>What kind of interface it is.</summary>
    public required CaptureKind Kind { get; init; }

    /// <summary>The bridge or the uplink, one name; or taps, names that may end in <c>*</c>.</summary>
    public required ImmutableArray<string> Interfaces { get; init; }

    /// <summary>By which port of the bridge frames leave the host; null: by none, or not known.</summary>
    public string? BridgeUplink { get; init; }

    /// <summary>The backend's name. Default auto.</summary>
    public string Backend { get; init; } = "auto";

    /// <summary>Sizes of the backend.</summary>
    public LiveCaptureOptions Options { get; init; } = new();

    /// <summary>How often an open window is looked at and kept on disk. Default 5 s.</summary>
    public TimeSpan Sample { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>What kind of interface is watched.</summary>
public enum CaptureKind
{
    /// <summary>The bridge of all VMs of the host.</summary>
    Bridge,

    /// <summary>The host's end of each VM's interface.</summary>
    Taps,

    /// <summary>The host's interface to the others: what VMs of one host say to each other does not pass it.</summary>
    Uplink,
}
