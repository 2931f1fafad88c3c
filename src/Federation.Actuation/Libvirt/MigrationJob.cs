using System.Diagnostics;
using System.Globalization;
using System.Text;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;

namespace Federation.Actuation.Libvirt;

/// <summary>
/// The program that carries one live move out. It outlives the driver, in a session of its own: while it goes on it holds a lock, and it leaves behind how it ended.
/// </summary>
/// <param name="folder">The VM's folder.</param>
/// <param name="options">The host's.</param>
internal sealed class MigrationJob(string folder, LibvirtOptions options)
{
    private const string Script = """flock -n 9 || exit 0; "$@" 2>"$FOLDER/job.said" 9>&-; echo $? > "$FOLDER/job.new"; mv "$FOLDER/job.new" "$FOLDER/job.ended" """;

    private string Lock => Path.Combine(folder, "job.lock");

    private string Ended => Path.Combine(folder, "job.ended");

    /// <summary>How it ended; null: it goes on, or it was ended before it could tell.</summary>
    public int? ExitCode => WholeFile.Read(Ended) is { } told && int.TryParse(told, CultureInfo.InvariantCulture, out var code) ? code : null;

    /// <summary>What it complained of.</summary>
    public string Complaint => WholeFile.Read(Path.Combine(folder, "job.said")) is { } said ? Virsh.Said(Encoding.UTF8.GetString(said)) : "it was ended";

    /// <summary>Whether it goes on.</summary>
    public bool IsActive
    {
        get
        {
            try
            {
                using var held = new FileStream(Lock, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                return false;
            }
            catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
            {
                return false;
            }
            catch (IOException)
            {
                return true;
            }
        }
    }

    /// <summary>Starts it, and returns when it holds its lock or has ended.</summary>
    /// <exception cref="DriverException">It cannot be started.</exception>
    public async Task Start(string domain, LibvirtTarget to, TransferTerms terms, TimeProvider clock, CancellationToken cancel)
    {
        foreach (var left in Directory.EnumerateFiles(folder, "job.*"))
        {
            File.Delete(left);
        }

        var start = new ProcessStartInfo("setsid", ["--fork", "sh", "-c", $"exec 9>\"$FOLDER/job.lock\"; {Script}", "sh", .. options.Launcher, .. Words(domain, to, terms)])
        {
            UseShellExecute = false,
        };
        start.Environment["FOLDER"] = folder;
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(cancel);
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new DriverException($"setsid cannot be started: {fault.Message}; install util-linux", fault);
        }

        while (!IsActive && ExitCode is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), clock, cancel);
        }
    }

    private IEnumerable<string> Words(string domain, LibvirtTarget to, TransferTerms terms)
    {
        // The destination stays paused: it runs once the service has recorded it as the owner, not before.
        IEnumerable<string> words = ["virsh", "-q", "-c", options.Uri, "migrate", "--live", "--p2p", "--suspend", "--abort-on-error"];
        words = terms.AutoConverge ? words.Append("--auto-converge") : words;
        words = options.TrustsStorage ? words.Append("--unsafe") : words;
        words = to.Memory is { } memory ? words.Concat(["--migrateuri", memory]) : words;
        return words.Concat([domain, to.Peer]);
    }
}
