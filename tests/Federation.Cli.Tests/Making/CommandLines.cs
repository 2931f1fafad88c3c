using System.CommandLine;
using Federation.Cli.Commands;
using Federation.Cli.Terminals;

namespace Federation.Cli.Tests.Making;

/// <summary>Every command there is, with a line that asks something of it that is plausible in form.</summary>
/// <param name="Words">The command's names.</param>
/// <param name="Command">The command.</param>
internal sealed record CommandLines(string[] Words, Command Command)
{
    /// <summary>All commands that do something.</summary>
    public static CommandLines[] All { get; } = [.. Below([], CommandTree.Create(new Terminal
    {
        Out = TextWriter.Null, Error = TextWriter.Null, Clock = TimeProvider.System, Environment = _ => null,
    }))];

    /// <summary>The options that do not ask for help.</summary>
    public IEnumerable<Option> Options => Command.Options.Where(option => !option.Recursive);

    public override string ToString() => string.Join(' ', Words);

    /// <summary>A whole line; null in place of a value leaves it out.</summary>
    public string[] With(Symbol symbol, params string[] values) =>
        [.. Words, .. Command.Arguments.SelectMany(argument => argument == symbol ? values : Plausible(argument)),
            .. Options.Where(option => option.Required && option != symbol).SelectMany(option => (string[])[option.Name, ValueOf(option)]),
            .. symbol is Option ? values : []];

    private static string[] Plausible(Argument argument) =>
        argument.Arity.MinimumNumberOfValues == 0 ? [] : [argument.Name.StartsWith("APP/", StringComparison.Ordinal) ? "cg/vm1" : "x"];

    private static string ValueOf(Option option) => option.Name == "--role" ? "auditor" : "/dev/null/x";

    private static IEnumerable<CommandLines> Below(string[] words, Command command) => command.Subcommands
        .SelectMany(inner => Below([.. words, inner.Name], inner))
        .Concat(command.Action is not null && words.Length > 0 ? [new CommandLines(words, command)] : []);
}
