using System.CommandLine;
using System.Text;
using System.Text.Json;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Json;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl vm log</c> and <c>vm console</c>: the serial console of a VM on a host that has an agent.</summary>
internal static class VmConsole
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(8);

    /// <summary>The verb that shows the end of what was written.</summary>
    public static Verb Log(Terminal terminal)
    {
        var name = Qualified.Argument("VM", "The application's name and the VM's");
        var bytes = Values.Count("--bytes", "How much of the end, bytes. Default 16384", 1, 65536);
        return new Verb("log", "Show the end of what a VM wrote to its serial console since it is at its host", "fedctl vm log cg/vm1", "fedctl vm log cg/vm1 --bytes 65536 > vm1.log")
            .With(name, bytes)
            .Calls(terminal, async call =>
            {
                var document = await call.Client.Get(RouteOf(call, name, "log").With("bytes", call.Parse.GetValue(bytes)), call.Cancel);
                if (call.Format == OutputFormat.Table)
                {
                    // Its own lines, which a page would fold.
                    terminal.Out.WriteLine(Shown(call.Read<ConsoleDocument>(document), terminal).TrimEnd('\n'));
                    return ExitCode.Done;
                }

                return call.Show<ConsoleDocument>(document, _ => new Page());
            });
    }

    /// <summary>The verb that connects to it.</summary>
    public static Verb Create(Terminal terminal)
    {
        var name = Qualified.Argument("VM", "The application's name and the VM's");
        return new Verb("console", "Connect to a VM's serial console: what is typed goes there line by line", "fedctl vm console cg/vm1")
        {
            Remarks = "Ctrl-C leaves it, and so does the end of what is typed (Ctrl-D). What the VM writes is shown as it writes it.",
        }
            .With(name)
            .Calls(terminal, call => Connect(call, RouteOf(call, name, "console")));
    }

    private static async Task<int> Connect(ServiceCall call, Route route)
    {
        // Connected first: what is typed is echoed.
        var next = (await Ask(call, route, "", 0, TimeSpan.Zero)).Next;
        using var left = CancellationTokenSource.CreateLinkedTokenSource(call.Cancel);
        var typing = Task.Run(() => Type(call, route, left.Token), CancellationToken.None);
        var decoder = Encoding.UTF8.GetDecoder();
        try
        {
            while (!typing.IsCompleted)
            {
                var answer = await Ask(call, route, "", next, Wait).WaitAsync(left.Token);
                next = answer.Next;
                Write(call.Terminal, decoder, Convert.FromBase64String(answer.Output));
            }

            // What came of the last line.
            Write(call.Terminal, decoder, Convert.FromBase64String((await Ask(call, route, "", next, TimeSpan.FromSeconds(1))).Output));
            await typing;
        }
        catch (OperationCanceledException) when (call.Cancel.IsCancellationRequested)
        {
            // Ctrl-C is how it is left.
        }

        return ExitCode.Done;
    }

    private static async Task Type(ServiceCall call, Route route, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested && call.Terminal.In.ReadLine() is { } line)
        {
            await Ask(call, route, Convert.ToBase64String(Encoding.UTF8.GetBytes($"{line}\n")), long.MaxValue, TimeSpan.Zero);
        }
    }

    private static async Task<ConsoleDocument> Ask(ServiceCall call, Route route, string input, long from, TimeSpan wait)
    {
        var request = JsonSerializer.Serialize(new ConsoleRequest(input, from, wait.TotalSeconds), DomainJson.Options);
        return call.Read<ConsoleDocument>((await call.Client.Post(route, request, call.Cancel, wait)).Document);
    }

    private static void Write(Terminal terminal, Decoder decoder, byte[] bytes)
    {
        var text = new char[bytes.Length + 1];
        terminal.Out.Write(text, 0, decoder.GetChars(bytes, 0, bytes.Length, text, 0));
        terminal.Out.Flush();
    }

    // On a terminal what a VM writes must not give orders to the terminal; into a file it goes as it is.
    private static string Shown(ConsoleDocument log, Terminal terminal)
    {
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(log.Output)).Replace("\r\n", "\n", StringComparison.Ordinal);
        return terminal.IsInteractive ? string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\t')) : text;
    }

    private static Route RouteOf(ServiceCall call, Argument<string> name, string what)
    {
        var (application, vm) = Qualified.Split(call.Parse.GetRequiredValue(name));
        return Route.To("applications", application, "vms", vm, what);
    }
}
