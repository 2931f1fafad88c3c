using Microsoft.Extensions.Logging;

namespace Federation.Sensor.Daemon;

/// <summary>What is told before there is a sensor.</summary>
public static class SensorStart
{
    /// <summary>Tells why a backend is not used.</summary>
    public static void Refused(ILogger log, string backend, string reason) => log.BackendRefused(backend, reason);
}
