using System.CommandLine;
using Federation.Cli.Commands;
using Federation.Cli.Terminals;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commandline;

public sealed class CommandTreeTests
{
    private static readonly Terminal Nowhere = new() { Out = TextWriter.Null, Error = TextWriter.Null, Clock = TimeProvider.System, Environment = _ => null };

    [Fact]
    public void The_programs_help_is_the_same_whether_all_commands_were_made_or_only_outlined() =>
        HelpOf(CommandTree.For(Nowhere, ["--help"]), "--help").ShouldBe(HelpOf(CommandTree.Create(Nowhere), "--help"));

    [Fact]
    public void Every_command_that_a_command_line_names_is_whole()
    {
        foreach (var name in CommandTree.Create(Nowhere).Subcommands.Select(command => command.Name))
        {
            foreach (var line in (string[][])[[name, "--help"], ["--help", name]])
            {
                HelpOf(CommandTree.For(Nowhere, line), line).ShouldBe(HelpOf(CommandTree.Create(Nowhere), line), name);
            }
        }
    }

    [Fact]
    public void What_a_command_line_does_not_name_is_not_made() =>
        CommandTree.For(Nowhere, ["validate", "--sites", "sites"]).Subcommands.Where(command => command.Subcommands.Any() || command.Options.Any())
            .Select(command => command.Name).ShouldBe(["validate"]);

    private static string HelpOf(RootCommand root, params string[] args)
    {
        using var output = new StringWriter();
        root.Parse(args).Invoke(new InvocationConfiguration { Output = output, Error = output });
        return output.ToString();
    }
}
