using System.CommandLine;
using Federation.Cli.Service;

namespace Federation.Cli.Commandline;

/// <summary>What people write before the command, as in <c>fedctl --server URL site list</c>, as if it stood behind it.</summary>
internal static class LeadingOptions
{
    // Those of every command that talks to the service; one that does not says so.
    private static readonly string[] Names =
        [.. new ServiceOptions().All.OfType<Option>().SelectMany(option => option.Aliases.Append(option.Name))];

    /// <summary>The arguments with these options at the end; as they are, where none of them leads.</summary>
    public static string[] Moved(string[] args)
    {
        var count = 0;
        while (count < args.Length && Names.Contains(args[count].Split('=')[0]))
        {
            count += args[count].Contains('=', StringComparison.Ordinal) ? 1 : 2;
        }

        return count >= args.Length ? args : [.. args[count..], .. args[..count]];
    }
}
