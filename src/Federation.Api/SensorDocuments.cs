namespace Federation.Api;

/// <summary>How a sensor is made known.</summary>
/// <param name="Sensor">Its name, unique; a new token takes the place of the one before.</param>
/// <param name="Site">The site of its host.</param>
/// <param name="Host">Its host, as locations of VMs name it; null: see <see cref="SensorDocument"/>.</param>
public sealed record SensorRequest(string? Sensor, string? Site, string? Host);

/// <summary>A sensor that the service knows: it may report the VMs on its host, and nothing else.</summary>
/// <param name="Sensor">Its name.</param>
/// <param name="Site">The site of its host.</param>
/// <param name="Host">Its host; null: the sensor has all of the site's VMs that are on no named host.</param>
/// <param name="CreatedAt">When its token was made.</param>
/// <param name="Token">The token, in the answer that makes it and never again.</param>
public sealed record SensorDocument(string Sensor, string Site, string? Host, DateTimeOffset CreatedAt, string? Token = null);

/// <summary>The VMs on a sensor's host.</summary>
/// <param name="Sensor">The sensor.</param>
/// <param name="Vms">The VMs.</param>
/// <param name="Peers">For each of their applications the addresses of all its VMs, wherever they are.</param>
public sealed record SensorVmsDocument(string Sensor, SensorVmDocument[] Vms, SensorPeersDocument[] Peers);

/// <summary>A VM on a sensor's host.</summary>
/// <param name="Application">Its application's key.</param>
/// <param name="Vm">Its name.</param>
/// <param name="Addresses">Its addresses.</param>
/// <param name="Tap">The host's end of its first interface; null: the host has no agent that tells it.</param>
public sealed record SensorVmDocument(string Application, string Vm, string[] Addresses, string? Tap = null);

/// <summary>All addresses of an application.</summary>
public sealed record SensorPeersDocument(string Application, string[] Addresses);
