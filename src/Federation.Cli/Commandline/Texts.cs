using System.CommandLine;
using System.CommandLine.Parsing;
using Federation.Cli.Output;

namespace Federation.Cli.Commandline;

/// <summary>What holds for every option and argument of every command, whatever it means.</summary>
internal static class Texts
{
    /// <summary>Refuses texts that are empty or hold control characters, in all of a tree.</summary>
    public static void Guard(Command command)
    {
        foreach (var option in command.Options)
        {
            option.Validators.Insert(0, result => Check(result.Tokens, option.Name, result.AddError));
        }

        foreach (var argument in command.Arguments)
        {
            argument.Validators.Insert(0, result => Check(result.Tokens, argument.Name, result.AddError));
        }

        foreach (var inner in command.Subcommands)
        {
            Guard(inner);
        }
    }

    /// <summary>Switches that were given something else than true or false, each with what is wrong.</summary>
    /// <remarks>What a switch does not take, the library looks at as an argument of its own: it would not be missed.</remarks>
    public static IEnumerable<string> FaultsOfSwitches(Command command, IEnumerable<string> args) =>
        from arg in args.TakeWhile(arg => arg != "--")
        let mark = arg.IndexOf('=', StringComparison.Ordinal)
        where mark > 0
        let name = arg[..mark]
        let value = arg[(mark + 1)..]
        where command.Options.Any(option => option is Option<bool> && (option.Name == name || option.Aliases.Contains(name)))
            && !bool.TryParse(value, out _)
        select $"{name}: '{value}' is not true or false";

    private static void Check(IReadOnlyList<Token> tokens, string name, Action<string> refuse)
    {
        foreach (var text in tokens.Select(token => token.Value))
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                refuse($"{name}: is empty");
            }
            else if (text.Any(char.IsControl))
            {
                refuse($"{name}: '{Cells.Plain(text)}' has line breaks or other control characters in it");
            }
        }
    }
}
