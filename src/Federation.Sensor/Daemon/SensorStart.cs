using System.Collections.Immutable;
using Federation.Sensor.Live;
using Federation.Sensor.Live.Kernel;
using Federation.Sensor.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Federation.Sensor.Daemon;

/// <summary>Finds the capture for a sensor, with no more privilege than it needs from then on.</summary>
public static class SensorStart
{
    /// <summary>
    /// The one that the kernel has counted on with since an earlier sensor ended, if the service manager has kept it; else the first backend
    /// that this host lets run. Where that is the kernel's, the process is executed again with CAP_NET_RAW alone and comes back here with
    /// what was loaded.
    /// </summary>
    /// <param name="settings">Which backend, and its sizes.</param>
    /// <param name="time">Tells the time.</param>
    /// <param name="log">Hears which are refused.</param>
    /// <returns>The backend, to be disposed of by the caller; without one, why.</returns>
    public static CaptureChoice Open(CaptureSettings settings, TimeProvider time, ILogger log)
    {
        var options = settings.Options with { Time = time };
        var store = DescriptorStore.Open();
        var files = KernelHandover.Files;
        if (files.IsEmpty)
        {
            files = Usable(DescriptorStore.Receive(), settings.Backend, options, store);
            if (files.IsEmpty)
            {
                var choice = Create(settings.Backend, options, log);
                if (choice.Capture is not KernelCapture loaded)
                {
                    return choice;
                }

                files = loaded.Files;
                DropPrivilege(files, log);
                return Kept(loaded, store, log);
            }

            DropPrivilege(files, log);
        }

        KernelHandover.Keep(files);
        return KernelCapture.Adopt(files, options) is { } adopted
            ? Kept(adopted, store, log)
            : throw new InvalidOperationException("a sensor executed itself again with files that it cannot use");
    }

    private static CaptureChoice Create(string backend, LiveCaptureOptions options, ILogger log)
    {
        var choice = CaptureChoice.Create(backend, options);
        foreach (var (refused, reason) in choice.Refused)
        {
            log.BackendRefused(refused, reason);
        }

        return choice;
    }

    /// <summary>What was kept, if it can be gone on with; otherwise it is closed, here and by the manager.</summary>
    private static ImmutableArray<KeptFile> Usable(
        ImmutableArray<KeptFile> files, string backend, LiveCaptureOptions options, DescriptorStore? store)
    {
        if (backend is CaptureBackends.Auto or CaptureBackends.Kernel && KernelCapture.AreWhole(files, options))
        {
            return files;
        }

        foreach (var file in files)
        {
            store?.Forget(file.Name);
            new SafeFileHandle(file.Descriptor, ownsHandle: true).Dispose();
        }

        return [];
    }

    private static void DropPrivilege(ImmutableArray<KeptFile> files, ILogger log)
    {
        try
        {
            KernelHandover.Execute(files);
        }
        catch (IOException fault)
        {
            log.PrivilegeKept(fault.Message);
        }
    }

    private static CaptureChoice Kept(KernelCapture capture, DescriptorStore? store, ILogger log)
    {
        if (store is not null)
        {
            capture.KeepIn(store);
            if (store.Fault is { } fault)
            {
                log.NotKept(fault);
            }
        }

        return new CaptureChoice(capture, []);
    }
}
