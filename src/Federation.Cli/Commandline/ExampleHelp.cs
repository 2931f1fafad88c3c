using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Federation.Cli.Commandline;

/// <summary>The usual help, then the command's remarks and examples.</summary>
internal sealed class ExampleHelp(HelpAction usual) : SynchronousCommandLineAction
{
    /// <summary>Help is asked for with any command line, be it complete or not.</summary>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb verb)
        {
            var output = parseResult.InvocationConfiguration.Output;
            Print(output, "Remarks:", verb.Remarks.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Print(output, "Examples:", verb.Examples);
        }

        return result;
    }

    private static void Print(TextWriter output, string heading, IReadOnlyCollection<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        output.WriteLine(heading);
        foreach (var line in lines)
        {
            output.WriteLine($"  {line}");
        }

        output.WriteLine();
    }
}
