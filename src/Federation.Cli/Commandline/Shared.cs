using System.CommandLine;
using Federation.Cli.Output;

namespace Federation.Cli.Commandline;

/// <summary>Options that several commands have, each command its own.</summary>
internal static class Shared
{
    /// <summary><c>-o table|json|yaml</c>.</summary>
    public static Option<OutputFormat> Output()
    {
        var option = new Option<OutputFormat>("--output", "-o")
        {
            Description = "How to print the result: table (for people), json or yaml (for programs). Default table",
            HelpName = "table|json|yaml",
            CustomParser = result => Formats.Read(result.Tokens[0].Value) ?? Refuse(result),
        };
        return option;

        static OutputFormat Refuse(System.CommandLine.Parsing.ArgumentResult result)
        {
            result.AddError($"--output: '{result.Tokens[0].Value}' is not one of table, json, yaml");
            return OutputFormat.Table;
        }
    }

    /// <summary>A word out of a few; null if it is left out.</summary>
    public static Option<string?> Word(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', words) };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !words.Contains(token.Value)))
            {
                result.AddError($"{name}: '{token.Value}' is not one of {string.Join(", ", words)}");
            }
        });
        return option;
    }
}
