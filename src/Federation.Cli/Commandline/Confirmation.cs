using System.CommandLine;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commandline;

/// <summary>What a command is about to do, for whoever has to agree to it.</summary>
/// <param name="Sentence">What will happen, with its figures; a whole sentence: <c>8 running VMs of application cg stop.</c></param>
/// <param name="Question">What is asked, with a question mark: <c>Delete it?</c></param>
/// <param name="StopsVms">Whether running VMs stop. Such a thing is never done where nobody could be asked and nobody said <c>--yes</c>.</param>
internal sealed record Prospect(string Sentence, string Question, bool StopsVms)
{
    /// <summary>Nothing happens that anybody has to agree to: there is no question.</summary>
    public static Prospect Nothing { get; } = new("", "", StopsVms: false);
}

/// <summary>The question that a command asks before it changes what runs, and <c>--yes</c>, which answers it beforehand.</summary>
/// <remarks>
/// On a terminal it is asked on the error stream, since results may be on their way into a file; anything but <c>y</c> or <c>yes</c> is a no.
/// Without a terminal the sentence is said and the command goes on, unless running VMs would stop: then it is refused.
/// </remarks>
internal sealed class Confirmation
{
    /// <summary><c>--yes</c>; the command has to have it among its options.</summary>
    public Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Do not ask whether it may be done; for scripts" };

    /// <summary>Returns if the command may go on.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="terminal">Where to ask.</param>
    /// <param name="look">Finds out what would happen; not called where <c>--yes</c> is given.</param>
    /// <param name="cancel">Gives the question up.</param>
    /// <exception cref="CommandFailure">The answer was no, or nobody could be asked and running VMs would stop.</exception>
    public async Task Ask(ParseResult parse, Terminal terminal, Func<Task<Prospect>> look, CancellationToken cancel)
    {
        if (parse.GetValue(Yes))
        {
            return;
        }

        var prospect = await look();
        if (ReferenceEquals(prospect, Prospect.Nothing))
        {
            return;
        }

        if (!terminal.CanAsk)
        {
            Tell(prospect, terminal);
        }
        else if (!await IsAgreed(prospect, terminal, cancel))
        {
            throw new CommandFailure("nothing was changed");
        }
    }

    private static void Tell(Prospect prospect, Terminal terminal)
    {
        if (prospect.StopsVms)
        {
            throw new CommandFailure($"{prospect.Sentence} Nobody can be asked here, since this is no terminal: say --yes to have it done. Nothing was changed");
        }

        terminal.Error.WriteLine(prospect.Sentence);
    }

    private static async Task<bool> IsAgreed(Prospect prospect, Terminal terminal, CancellationToken cancel)
    {
        await terminal.Error.WriteAsync($"{prospect.Sentence} {prospect.Question} [y/N] ");
        await terminal.Error.FlushAsync(cancel);
        // A console's reader does not end when it is cancelled.
        var answer = await Task.Run(terminal.In.ReadLine, cancel).WaitAsync(cancel);
        return answer?.Trim().ToLowerInvariant() is "y" or "yes";
    }
}
