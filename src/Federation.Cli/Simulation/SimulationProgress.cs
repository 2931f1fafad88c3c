using Federation.Cli.Output;
using Federation.Cli.Terminals;
using Spectre.Console;

namespace Federation.Cli.Simulation;

/// <summary>Shows how far a simulation is, on standard error: bars to a person, one line for each policy that is done to a file.</summary>
internal static class SimulationProgress
{
    /// <summary>Runs a simulation that tells its progress, by policy.</summary>
    public static T Show<T>(Terminal terminal, Func<Action<string, double>, T> run) =>
        terminal.IsInteractive ? ShowBars(terminal, run) : run(Lines(terminal));

    private static Action<string, double> Lines(Terminal terminal)
    {
        var told = new HashSet<string>();
        return (policy, done) =>
        {
            lock (told)
            {
                if (done >= 1 && told.Add(policy))
                {
                    terminal.Error.WriteLine($"{policy}: all applications have arrived");
                }
            }
        };
    }

    private static T ShowBars<T>(Terminal terminal, Func<Action<string, double>, T> run) =>
        Consoles.Create(terminal, terminal.Error).Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context =>
            {
                var bars = new Dictionary<string, ProgressTask>();
                return run((policy, done) =>
                {
                    lock (bars)
                    {
                        if (!bars.TryGetValue(policy, out var bar))
                        {
                            bars.Add(policy, bar = context.AddTask(policy, maxValue: 1));
                        }

                        bar.Value = done;
                    }
                });
            });
}
