using System.CommandLine;

namespace Federation.Cli.Commandline;

/// <summary>A command whose help shows how it is used.</summary>
internal sealed class Verb : Command
{
    /// <summary>A command that is not in the tree yet.</summary>
    /// <param name="name">What is typed.</param>
    /// <param name="description">One sentence, or more.</param>
    /// <param name="examples">Whole command lines, each with a remark after a <c>#</c> if it needs one.</param>
    public Verb(string name, string description, params string[] examples)
        : base(name, description) => Examples = examples;

    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>What the command's own help says on top of its description, such as exit codes; empty: nothing.</summary>
    public string Remarks { get; init; } = "";

    /// <summary>Adds options and arguments, in the order in which the help lists them.</summary>
    public Verb With(params Symbol[] symbols)
    {
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Option option:
                    Add(option);
                    break;
                case Argument argument:
                    Add(argument);
                    break;
                case Command command:
                    Add(command);
                    break;
                default:
                    throw new ArgumentException($"{symbol.Name} is neither option, argument nor command", nameof(symbols));
            }
        }

        return this;
    }

    /// <summary>Says what it does.</summary>
    public Verb Does(Func<ParseResult, CancellationToken, Task<int>> action)
    {
        SetAction(action);
        return this;
    }

    /// <summary>Says what it does, without waiting for anything.</summary>
    public Verb Does(Func<ParseResult, int> action)
    {
        SetAction(action);
        return this;
    }
}
