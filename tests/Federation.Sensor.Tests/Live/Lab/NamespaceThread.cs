using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Federation.Sensor.Tests.Live.Lab;

/// <summary>A thread in a network namespace of its own, which goes with it: nothing is left on the machine, and nothing of it is seen.</summary>
public sealed class NamespaceThread : IDisposable
{
    private const int NewNetworkNamespace = 0x40000000;

    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;

    public NamespaceThread()
    {
        thread = new Thread(Work) { IsBackground = true };
        thread.Start();
        Path = Run(() =>
        {
            Enter();
            var task = File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: false)!.Name;
            return $"/proc/{Environment.ProcessId}/task/{task}/ns/net";
        });
    }

    /// <summary>Where the kernel shows the namespace.</summary>
    public string Path { get; }

    /// <summary>Whether this process may make namespaces.</summary>
    public static bool IsAllowed()
    {
        var allowed = false;
        var attempt = new Thread(() => allowed = unshare(NewNetworkNamespace) == 0);
        attempt.Start();
        attempt.Join();
        return allowed;
    }

    /// <summary>Runs something in the namespace and waits for it.</summary>
    public T Run<T>(Func<T> what)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        using var done = new ManualResetEventSlim();
        work.Add(() =>
        {
            try
            {
                result = what();
            }
#pragma warning disable CA1031 // It is thrown again where it was asked for.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }

            done.Set();
        });
        done.Wait();
        failure?.Throw();
        return result!;
    }

    /// <summary>Runs something in the namespace and waits for it.</summary>
    public void Run(Action what) => Run(() =>
    {
        what();
        return true;
    });

    /// <summary>Runs the lines of an <c>ip -batch</c> in the namespace.</summary>
    public void Ip(params string[] lines) => Run(() =>
    {
        using var process = Process.Start(new ProcessStartInfo("ip", "-batch -") { RedirectStandardInput = true, RedirectStandardError = true })!;
        process.StandardInput.Write(string.Join('\n', lines) + "\n");
        process.StandardInput.Close();
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip failed: {said}");
        }
    });

    /// <summary>Asks <c>ip</c> in the namespace.</summary>
    public string Ask(string arguments) => Run(() =>
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said;
    });

    /// <summary>Waits until an interface sends: from when it is set up until the kernel has noticed its link, it throws frames away.</summary>
    public void AwaitUp(string name)
    {
        if (!SpinWait.SpinUntil(() => Ask($"link show dev {name}").Contains("state UP", StringComparison.Ordinal), TimeSpan.FromSeconds(20)))
        {
            throw new TimeoutException($"{name} does not come up");
        }
    }

    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
    }

    private static void Enter()
    {
        if (unshare(NewNetworkNamespace) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        // An interface that comes up would announce itself by IPv6, among frames that are to be counted.
        File.WriteAllText("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
        File.WriteAllText("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int unshare(int flags);

    private void Work()
    {
        foreach (var what in work.GetConsumingEnumerable())
        {
            what();
        }
    }
}
