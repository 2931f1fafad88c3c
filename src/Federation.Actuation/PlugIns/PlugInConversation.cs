using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Federation.Actuation.Watching;
using Federation.Domain.Hosts;

namespace Federation.Actuation.PlugIns;

/// <summary>Calls to one run of a plug-in and its answers, which may come in any order. One that breaks the rules is spoken to no more.</summary>
/// <param name="program">Its name, for failures.</param>
/// <param name="input">What it reads.</param>
/// <param name="output">What it writes.</param>
/// <param name="last">How it ended, once its output has: asked for the failure of what is open then.</param>
/// <param name="wake">Woken when it says that there is something to see.</param>
/// <param name="clock">Measures how long it takes to answer.</param>
internal sealed class PlugInConversation(string program, Stream input, Stream output, Func<Task<string>> last, Wake wake, TimeProvider clock)
{
    private const int Shown = 200;

    private readonly ConcurrentDictionary<long, (PlugInCall Call, TaskCompletionSource<byte[]> Answer)> open = [];
    private readonly Channel<byte[]> toSay = Channel.CreateUnbounded<byte[]>();
    private long calls;
    private long lines;
    private volatile string? over;

    /// <summary>Whether it can be asked no more.</summary>
    public bool IsOver => over is not null;

    /// <summary>Asks, and waits for what the answer gives.</summary>
    /// <param name="call">The call; its number is given here.</param>
    /// <param name="most">How long to wait at most. A program that has not answered by then is spoken to no more.</param>
    /// <param name="cancel">Ends the waiting; what the program does goes on.</param>
    /// <exception cref="DriverException">It could not do it, ended, or wrote what is no answer; the message names the program and the line.</exception>
    public async Task<T> Ask<T>(PlugInCall call, TimeSpan most, CancellationToken cancel)
    {
        var (asked, line) = await Exchange(call, most, cancel);
        try
        {
            return (PlugInLine.Read(line).Result ?? throw new JsonException("it has neither result nor error")).Deserialize<T>(PlugInLine.Json)
                ?? throw new JsonException("its result is null");
        }
        catch (JsonException fault)
        {
            throw new DriverException($"plug-in {program} answered {asked} with what is no answer to it: {Show(line)} ({fault.Message})", fault);
        }
    }

    /// <summary>Tells it to do what gives nothing.</summary>
    /// <inheritdoc cref="Ask{T}"/>
    public Task Tell(PlugInCall call, TimeSpan most, CancellationToken cancel) => Exchange(call, most, cancel);

    /// <summary>Reads answers until there are no more.</summary>
    public async Task Listen()
    {
        var reader = new LineReader(output);
        try
        {
            while (await reader.Next() is { } line)
            {
                lines++;
                Take(line);
            }

            End(await last());
        }
        catch (Exception fault) when (fault is JsonException or InvalidDataException or IOException)
        {
            End(fault.Message);
        }
    }

    /// <summary>Writes calls until the conversation is over or the program reads no more.</summary>
    public async Task Speak()
    {
        try
        {
            await foreach (var line in toSay.Reader.ReadAllAsync())
            {
                await input.WriteAsync(line);
                await input.FlushAsync();
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            // Its output ends, too, and says how; if it does not, the time to answer is over some day.
        }
    }

    /// <summary>Ends the conversation: whoever waits hears why.</summary>
    public void End(string why)
    {
        over ??= why;
        toSay.Writer.TryComplete();
        foreach (var (call, answer) in open.Values)
        {
            answer.TrySetException(new DriverException(Unanswered(call, over)));
        }
    }

    private async Task<(PlugInCall Asked, byte[] Line)> Exchange(PlugInCall call, TimeSpan most, CancellationToken cancel)
    {
        call = call with { Id = Interlocked.Increment(ref calls) };
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        open[call.Id] = (call, answer);
        using var late = new CancellationTokenSource(most, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            toSay.Writer.TryWrite([.. JsonSerializer.SerializeToUtf8Bytes(call, PlugInLine.Json), (byte)'\n']);
            if (over is { } why)
            {
                throw new DriverException(Unanswered(call, why));
            }

            var line = await answer.Task.WaitAsync(either.Token);
            return PlugInLine.Read(line).Error is { } error ? throw new DriverException($"plug-in {program}: {error}") : (call, line);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            End($"it has not answered {call} within {most.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
            throw new DriverException(Unanswered(call, over!));
        }
        finally
        {
            open.TryRemove(call.Id, out _);
        }
    }

    private void Take(byte[] line)
    {
        if (string.IsNullOrWhiteSpace(Encoding.UTF8.GetString(line)))
        {
            return;
        }

        PlugInLine read;
        try
        {
            read = PlugInLine.Read(line);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"its line {lines} is no answer: {Show(line)} ({fault.Message})", fault);
        }

        if (read.Changed)
        {
            wake.Now();
        }

        // An answer that nobody waits for any more came too late, which is no fault of its form.
        if (read.Id is { } id && open.TryGetValue(id, out var asked))
        {
            asked.Answer.TrySetResult(line);
        }
        else if (read.Id > Interlocked.Read(ref calls))
        {
            throw new InvalidDataException($"its line {lines} answers a call that was not made: {Show(line)}");
        }
    }

    private string Unanswered(PlugInCall call, string why) => $"plug-in {program} did not answer {call}: {why}";

    // What a VM is started with may be secret, and a program may repeat what it was told.
    private string Show(byte[] line)
    {
        var text = Encoding.UTF8.GetString(line);
        return open.Values.Any(asked => asked.Call.Guest?.UserData is not null) ? $"{text.Length} characters, not shown beside a VM's user data"
            : text.Length <= Shown ? $"'{text}'"
            : $"'{text[..Shown]}...'";
    }
}
