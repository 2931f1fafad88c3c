using System.CommandLine;
using System.CommandLine.Parsing;
using Federation.Cli.Output;
using Federation.Yaml.Scalars;

namespace Federation.Cli.Commandline;

/// <summary>Says what is wrong with a command line, and what was probably meant.</summary>
internal static class ParseErrors
{
    /// <summary>Prints every error once, on a line of its own, and where to read more; gives the exit code.</summary>
    /// <param name="parse">What was parsed.</param>
    /// <param name="switches">What is wrong with switches; all else may follow from that.</param>
    /// <param name="error">Where to.</param>
    public static int Print(ParseResult parse, IReadOnlyCollection<string> switches, TextWriter error)
    {
        var command = parse.CommandResult.Command;
        if (switches.Count == 0 && parse.UnmatchedTokens.Count == 0 && command.Action is null)
        {
            return PrintHelp(parse, error);
        }

        var help = $"see '{PathOf(parse)} --help'"
            + (switches.Count == 0 && parse.UnmatchedTokens.Count > 0 && command.Subcommands.Count > 0 ? $"; commands: {string.Join(", ", NamesOf(command))}" : "");
        string[] messages = [.. (switches.Count > 0 ? switches : Messages(parse)).Select(Cells.Plain).Distinct()];
        foreach (var message in messages)
        {
            error.WriteLine(messages.Length == 1 ? $"fedctl: {message}; {help}" : $"fedctl: {message}");
        }

        if (messages.Length > 1)
        {
            error.WriteLine($"fedctl: {messages.Length} faults; {help}");
        }

        return ExitCode.Error;
    }

    // Somebody who names no command wants to know which there are.
    private static int PrintHelp(ParseResult parse, TextWriter error)
    {
        var names = PathOf(parse).Split(' ').Skip(1);
        parse.RootCommandResult.Command.Parse([.. names, "--help"]).Invoke(new InvocationConfiguration { Output = error, Error = error });
        return ExitCode.Error;
    }

    private static IEnumerable<string> Messages(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        foreach (var token in parse.UnmatchedTokens)
        {
            yield return Unknown(token, command);
        }

        // Whatever else is said of a command line with an unknown word in it follows from that word.
        // Of one option or argument the first fault is enough: what is empty is no duration either.
        foreach (var fault in parse.UnmatchedTokens.Count > 0 ? [] : parse.Errors.DistinctBy(fault => fault.SymbolResult is { } about ? SymbolOf(about) : fault))
        {
            yield return fault.Message.TrimEnd('.');
        }
    }

    // An option's value is a part of its own of what was parsed.
    private static object SymbolOf(SymbolResult result) =>
        result is ArgumentResult { Parent: OptionResult option } ? option.Option : result is OptionResult own ? own.Option
        : result is ArgumentResult argument ? argument.Argument : result;

    private static string Unknown(string token, Command command)
    {
        var isOption = token.StartsWith('-');
        string[] known = isOption
            ? [.. command.Options.Concat(Recursive(command)).Where(option => !option.Hidden).Select(option => option.Name)]
            : [.. NamesOf(command)];
        var what = isOption ? "option" : known.Length > 0 ? "command" : "argument";
        return $"'{token}' is no {what} of '{command.Name}'{Suggestion(token, known)}";
    }

    private static string Suggestion(string token, string[] known) =>
        known.Length > 0 && Nearest.To(token, known) is var nearest && Nearest.Distance(token, nearest) <= Math.Max(2, token.Length / 2)
            ? $"; did you mean '{nearest}'?"
            : "";

    private static IEnumerable<Option> Recursive(Command command) => command.Parents.OfType<Command>()
        .SelectMany(parent => parent.Options.Where(option => option.Recursive).Concat(Recursive(parent)));

    private static IEnumerable<string> NamesOf(Command command) =>
        command.Subcommands.Where(inner => !inner.Hidden).Select(inner => inner.Name);

    private static string PathOf(ParseResult parse)
    {
        var names = new Stack<string>();
        for (var result = parse.CommandResult; result is not null; result = result.Parent as CommandResult)
        {
            names.Push(result.Command is RootCommand ? "fedctl" : result.Command.Name);
        }

        return string.Join(' ', names);
    }
}
