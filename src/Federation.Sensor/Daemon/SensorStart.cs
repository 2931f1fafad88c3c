using Federation.Sensor.Live;
using Federation.Sensor.Live.Kernel;
using Federation.Sensor.Settings;
using Microsoft.Extensions.Logging;

namespace Federation.Sensor.Daemon;

/// <summary>Finds the capture for a sensor, with no more privilege than it needs from then on.</summary>
public static class SensorStart
{
    /// <summary>
    /// The first backend that this host lets run. Where that is the kernel's, the process is executed again with CAP_NET_RAW alone and
    /// comes back here with what was loaded.
    /// </summary>
    /// <param name="settings">Which backend, and its sizes.</param>
    /// <param name="log">Hears which are refused.</param>
    /// <returns>The backend, to be disposed of by the caller; without one, why.</returns>
    public static CaptureChoice Open(CaptureSettings settings, ILogger log)
    {
        if (KernelCapture.Adopt(settings.Options.Capacity) is { } adopted)
        {
            return new CaptureChoice(adopted, []);
        }

        var choice = CaptureBackends.Create(settings.Backend, settings.Options);
        foreach (var (backend, reason) in choice.Refused)
        {
            log.BackendRefused(backend, reason);
        }

        if (choice.Capture is KernelCapture kernel)
        {
            try
            {
                kernel.DropPrivilege();
            }
            catch (IOException fault)
            {
                log.PrivilegeKept(fault.Message);
            }
        }

        return choice;
    }
}
