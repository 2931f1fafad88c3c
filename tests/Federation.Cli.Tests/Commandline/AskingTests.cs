using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commandline;

public sealed class AskingTests
{
    // By the words that say that something is taken away or changed where it runs.
    private static readonly string[] Verbs = ["delete", "remove", "apply", "move"];

    // What they change runs no VM, or is asked about by its own rule.
    private static readonly Dictionary<string, string> NeedNotAsk = new()
    {
        ["context delete"] = "forgets a name; the files stay",
        ["site apply"] = "VMs that are there stay",
    };

    [Fact]
    public void Every_command_that_takes_something_away_or_moves_it_can_be_asked_and_answered_beforehand()
    {
        var silent = CommandLines.All
            .Where(command => Verbs.Contains(command.Words[^1]) && command.Options.All(option => option.Name != "--yes"))
            .Select(command => command.ToString());

        silent.Except(NeedNotAsk.Keys).ShouldBeEmpty();
    }
}
