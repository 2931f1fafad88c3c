using System.Diagnostics;
using System.Globalization;

namespace Federation.Actuation.Qemu;

/// <summary>A process of this host, known by its number and by a word of its command line, since numbers are given again.</summary>
internal static class HostProcess
{
    /// <summary>The process that wrote a file with its number and has that file's path in its command line; null: it is gone.</summary>
    public static int? Of(string pidFile) =>
        int.TryParse(TextOf(pidFile).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Runs(pid, pidFile) ? pid : null;

    // QEMU takes it away as it ends, maybe just now.
    private static string TextOf(string pidFile)
    {
        try
        {
            return File.ReadAllText(pidFile);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }

    /// <summary>Ends a process at once and waits until it is gone; one that is gone already is no fault.</summary>
    /// <returns>Whether it is gone.</returns>
    public static async Task<bool> Kill(string pidFile, TimeSpan patience, TimeProvider clock, CancellationToken cancel)
    {
        for (var begun = clock.GetTimestamp(); Of(pidFile) is { } pid; await Task.Delay(TimeSpan.FromMilliseconds(10), clock, cancel))
        {
            if (clock.GetElapsedTime(begun) > patience)
            {
                return false;
            }

            try
            {
                using var process = Process.GetProcessById(pid);
                process.Kill();
            }
            catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
            {
                // It ended by itself in between.
            }
        }

        return true;
    }

    /// <summary>What threads of a process have done so far, as a number that grows while any of them does something: time on a processor and times it was woken.</summary>
    public static long Work(int pid, IEnumerable<int> threads) => threads.Sum(thread => Work($"/proc/{pid}/task/{thread}"));

    private static long Work(string thread)
    {
        try
        {
            // The name may hold spaces and ends with the last bracket. Fields 14 and 15: time in user and kernel mode.
            var fields = File.ReadAllText($"{thread}/stat").Split(") ")[^1].Split(' ');
            var woken = File.ReadLines($"{thread}/status").First(line => line.StartsWith("voluntary_ctxt_switches", StringComparison.Ordinal)).Split('\t')[1];
            return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture) + long.Parse(woken, CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static bool Runs(int pid, string word)
    {
        try
        {
            // One that nobody has waited for has no command line any more.
            return File.ReadAllText($"/proc/{pid}/cmdline").Split('\0').Contains(word);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
