using System.CommandLine;
using System.CommandLine.Invocation;
using Federation.Cli.Commandline;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary>The program: reads the command line, runs the command that it names, and turns what went wrong into a message.</summary>
internal static class Fedctl
{
    /// <summary>Runs one command line and gives the process's exit code.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="terminal">Where it reads from and writes to.</param>
    /// <param name="cancel">Stops the command; so does Ctrl-C.</param>
    public static async Task<int> Run(string[] args, Terminal terminal, CancellationToken cancel)
    {
        var parse = CommandTree.Create(terminal).Parse(LeadingOptions.Moved(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Action is ParseErrorAction)
        {
            return ParseErrors.Print(parse, terminal.Error);
        }

        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            return await parse.InvokeAsync(configuration, cancel);
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
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"fedctl: {fault.Message}");
            return ExitCode.Error;
        }
    }
}
