using System.Diagnostics;

namespace Federation.Scenarios.Hosts;

/// <summary>Runs programs to their end.</summary>
internal static class Programs
{
    /// <summary>What it prints.</summary>
    /// <exception cref="InvalidOperationException">It failed; with what it said.</exception>
    public static string Run(string program, params string[] arguments)
    {
        var (code, printed, said) = Try(program, arguments);
        return code == 0 ? printed : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {said}");
    }

    /// <summary>How it ended, what it printed, and what it said.</summary>
    public static (int Code, string Printed, string Said) Try(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEndAsync();
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, printed, said.Result);
    }
}
