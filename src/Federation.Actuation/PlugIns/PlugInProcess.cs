using System.ComponentModel;
using System.Diagnostics;
using Federation.Actuation.Watching;
using Federation.Domain.Hosts;

namespace Federation.Actuation.PlugIns;

/// <summary>One run of a plug-in's program, and the conversation with it.</summary>
internal sealed class PlugInProcess : IPlugInRun
{
    private const int KeptWords = 5;

    // What a program is given to end by itself once its input has ended.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    // What is given to its last words, which are there already or in the hands of what it started.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(0.5);

    private readonly Process process;
    private readonly TimeProvider clock;
    private readonly Queue<string> words = new();
    private readonly Task listening;
    private readonly Task speaking;
    private readonly Task hearing;

    private PlugInProcess(Process process, PlugInOptions options, TimeProvider clock, Wake wake, Action<string> log)
    {
        (this.process, this.clock) = (process, clock);
        Conversation = new(options.Program, process.StandardInput.BaseStream, process.StandardOutput.BaseStream, Last, wake, clock);
        hearing = Hear(log);
        listening = Conversation.Listen();
        speaking = Conversation.Speak();
        _ = EndWithTheProgram();
    }

    /// <inheritdoc/>
    public PlugInConversation Conversation { get; }

    /// <summary>Starts the program.</summary>
    /// <param name="options">Which.</param>
    /// <param name="clock">Measures how long it takes to end.</param>
    /// <param name="wake">Woken when it says that there is something to see.</param>
    /// <param name="log">Given each line that it writes to its standard error.</param>
    /// <exception cref="DriverException">It cannot be started.</exception>
    public static PlugInProcess Start(PlugInOptions options, TimeProvider clock, Wake wake, Action<string> log)
    {
        var start = new ProcessStartInfo(options.Program, options.Arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new(Process.Start(start)!, options, clock, wake, log);
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException)
        {
            throw new DriverException($"plug-in {options.Program} cannot be started: {fault.Message}", fault);
        }
    }

    /// <summary>Ends the program: its input ends, and a little later it is killed. Not what it started: VMs outlive it.</summary>
    public async ValueTask DisposeAsync()
    {
        var isBroken = Conversation.IsOver;
        Conversation.End("it was told to end");
        CloseInput();
        if (isBroken || !await Exits())
        {
            Kill();
        }

        await Shortly(Task.WhenAll(speaking, listening, hearing));
        process.Dispose();
    }

    private void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    private async Task<string> Last()
    {
        var byItself = await Exits();
        if (!byItself)
        {
            Kill();
        }

        await Shortly(hearing);
        string said;
        lock (words)
        {
            said = string.Join(" | ", words);
        }

        return (byItself ? $"it ended with exit code {process.ExitCode}" : "it closed its output") + (said.Length > 0 ? $" and said: {said}" : "");
    }

    // What it started may hold its output open when it has ended: then no end of the output tells of that.
    private async Task EndWithTheProgram()
    {
        await process.WaitForExitAsync();
        await Shortly(listening);
        Conversation.End(await Last());
    }

    private async Task<bool> Exits()
    {
        using var over = new CancellationTokenSource(Grace, clock);
        try
        {
            await process.WaitForExitAsync(over.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void CloseInput()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    private Task<Task> Shortly(Task task) => Task.WhenAny(task, Task.Delay(LastWords, clock));

    private async Task Hear(Action<string> log)
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            log(line);
            lock (words)
            {
                words.Enqueue(line.Length <= 300 ? line : line[..300]);
                if (words.Count > KeptWords)
                {
                    words.Dequeue();
                }
            }
        }
    }
}
