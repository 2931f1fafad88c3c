using System.CommandLine;
using System.CommandLine.Invocation;
using System.Net.Sockets;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary>The program: reads the command line, runs the command that it names, and turns what went wrong into a message.</summary>
internal static class Fedctl
{
    /// <summary>What a fault of the program itself is called.</summary>
    internal const string Bug = "this is a fault in fedctl itself";

    // Set, such a fault ends the program as the runtime does it, with where it was.
    private const string Trace = "FEDCTL_TRACE";

    /// <summary>Runs one command line and gives the process's exit code.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="terminal">Where it reads from and writes to.</param>
    /// <param name="cancel">Stops the command; so does Ctrl-C.</param>
    public static async Task<int> Run(string[] args, Terminal terminal, CancellationToken cancel)
    {
        try
        {
            return await ParseAndRun(args, terminal, cancel);
        }
        catch (CommandFailure failure)
        {
            terminal.Error.WriteLine($"fedctl: {failure.Message}");
            return ExitCode.Error;
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("fedctl: stopped");
            return ExitCode.Error;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SocketException)
        {
            terminal.Error.WriteLine($"fedctl: {fault.Message}");
            return ExitCode.Error;
        }
        catch (Exception bug) when (terminal.Environment(Trace) is not { Length: > 0 })
        {
            // Whoever typed a command can do nothing about it, and a stack tells them nothing.
            terminal.Error.WriteLine(Cells.Plain($"fedctl: {Bug} ({bug.GetType().Name}: {bug.Message}); please report it, with what {Trace}=1 shows"));
            return ExitCode.Error;
        }
    }

    private static async Task<int> ParseAndRun(string[] args, Terminal terminal, CancellationToken cancel)
    {
        var moved = LeadingOptions.Moved(args);
        var parse = CommandTree.For(terminal, moved).Parse(moved, new ParserConfiguration { ResponseFileTokenReplacer = null });
        string[] switches = [.. Texts.FaultsOfSwitches(parse.CommandResult.Command, args)];
        if (switches.Length > 0 || parse.Action is ParseErrorAction)
        {
            return ParseErrors.Print(parse, switches, terminal.Error);
        }

        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        return await parse.InvokeAsync(configuration, cancel);
    }
}
