using System.Collections.Immutable;
using System.Net;
using Federation.Sensor.Settings;

namespace Federation.Host.Settings;

/// <summary>What the agent of a client is told by its file, checked. Holds lists: compared by reference.</summary>
public sealed record ClientSettings
{
    /// <summary>The service's addresses, at least one: where one does not answer, the next is asked.</summary>
    public required ImmutableArray<Uri> Servers { get; init; }

    /// <summary>Certificates for https; null: as the machine trusts, and none is shown.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>The file that holds the client's token; read again for every request. The token says which client it is.</summary>
    public required string TokenFile { get; init; }

    /// <summary>The folder of its keys.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Where status and metrics are served, on this machine only; null: nowhere. Default 127.0.0.1:9475.</summary>
    public IPEndPoint? Listen { get; init; } = new(IPAddress.Loopback, 9475);

    /// <summary>How it reaches hosts; its address the service says. The longest packet is 1500 bytes where the file says nothing of it.</summary>
    public required NetworkSettings Network { get; init; }

    /// <summary>The interface to the machines behind it that are on the segment too; null: there are none.</summary>
    public string? Lan { get; init; }
}
