using Federation.Cli.Commandline;
using Federation.Cli.Terminals;

namespace Federation.Cli.Service;

/// <summary>Makes commands that talk to the service.</summary>
internal static class ServiceVerb
{
    /// <summary>Gives a command the options of all service commands, and says what it does.</summary>
    /// <param name="verb">The command, with its own options and arguments.</param>
    /// <param name="terminal">Where it runs.</param>
    /// <param name="action">What it does with an open connection; gives the exit code.</param>
    public static Verb Calls(this Verb verb, Terminal terminal, Func<ServiceCall, Task<int>> action)
    {
        var options = new ServiceOptions();
        return verb.With(options.All).Does(async (parse, cancel) =>
        {
            using var call = options.Open(parse, terminal, cancel);
            return await action(call);
        });
    }
}
