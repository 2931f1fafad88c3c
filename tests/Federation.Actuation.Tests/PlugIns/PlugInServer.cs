using System.IO.Pipelines;
using System.Text.Json;
using Federation.Actuation.PlugIns;
using Federation.Actuation.Watching;
using Federation.Domain.Hosts;
using Federation.Domain.Json;

namespace Federation.Actuation.Tests.PlugIns;

/// <summary>A plug-in that is no program: it does what it is told by another driver, several calls at once, and says when there is something to see.</summary>
internal sealed class PlugInServer : IPlugInRun
{
    private readonly Pipe calls = new();
    private readonly Pipe answers = new();
    private readonly CancellationTokenSource over = new();
    private readonly IHypervisorDriver driver;
    private readonly Lock saying = new();

    public PlugInServer(IHypervisorDriver driver, Wake wake)
    {
        this.driver = driver;
        Conversation = new("served", calls.Writer.AsStream(), answers.Reader.AsStream(), () => Task.FromResult("it was ended"), wake, TimeProvider.System);
        _ = Conversation.Listen();
        _ = Conversation.Speak();
        _ = Serve();
        _ = Tell();
    }

    public PlugInConversation Conversation { get; }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        Conversation.End("it was told to end");
        await answers.Writer.CompleteAsync();
        await calls.Writer.CompleteAsync();
    }

    private async Task Serve()
    {
        var lines = new LineReader(calls.Reader.AsStream());
        while (await lines.Next() is { } line)
        {
            _ = Answer(JsonSerializer.Deserialize<PlugInCall>(line, DomainJson.Options)!);
        }
    }

    private async Task Answer(PlugInCall call)
    {
        try
        {
            Say(new PlugInLine(call.Id, JsonSerializer.SerializeToElement(await Do(call), PlugInLine.Json)));
        }
        catch (DriverException fault)
        {
            Say(new PlugInLine(call.Id, Error: fault.Message));
        }
    }

    private async Task<object?> Do(PlugInCall call)
    {
        var stop = over.Token;
        switch (call.Call)
        {
            case "describe": return await driver.Describe(stop);
            case "find": return await driver.Find(stop);
            case "receive": return await driver.Receive(call.Migration!.Value, call.Guest!, call.Terms!, stop);
            case "start": await driver.Start(call.Guest!, stop); break;
            case "stop": await driver.Stop(call.Vm!.Value, stop); break;
            case "send": await driver.Send(call.Migration!.Value, call.Vm!.Value, call.To!, call.Terms!, stop); break;
            case "switch": await driver.Switch(call.Migration!.Value, call.Vm!.Value, stop); break;
            case "run": await driver.Run(call.Vm!.Value, stop); break;
            case "cancel": await driver.Cancel(call.Migration!.Value, call.Vm!.Value, stop); break;
            default: throw new DriverException($"no call {call.Call}");
        }

        return null;
    }

    private async Task Tell()
    {
        try
        {
            await foreach (var _ in driver.Watch(over.Token))
            {
                Say(new PlugInLine(Changed: true));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Say(PlugInLine line)
    {
        lock (saying)
        {
            if (!over.IsCancellationRequested)
            {
                answers.Writer.AsStream().Write([.. JsonSerializer.SerializeToUtf8Bytes(line, PlugInLine.Json), (byte)'\n']);
            }
        }
    }
}
