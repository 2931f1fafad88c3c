using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Hosts;

/// <summary>QEMU as a person drives it by hand, with the settings that are safe where processors are emulated: what the service is measured against.</summary>
internal sealed class BareQemu : IDisposable
{
    private const string Machine = "pc-i440fx-7.2";

    private readonly Process process;
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly StreamReader lines;

    /// <param name="folder">A folder of its own.</param>
    /// <param name="program">What it boots.</param>
    /// <param name="arguments">The program's command line.</param>
    /// <param name="memoryKibibytes">Its memory; odd in multiples of 256 KiB, or writes are lost.</param>
    /// <param name="isDestination">Whether it waits to be filled.</param>
    /// <param name="space">Where it runs; null: where the test runs.</param>
    /// <param name="port">Its network interface, and its first file system; null: it has neither.</param>
    public BareQemu(string folder, string program, string arguments, int memoryKibibytes, bool isDestination, NetworkNamespace? space = null, Port? port = null)
    {
        Directory.CreateDirectory(folder);
        (Folder, Interface) = (folder, port);
        var (control, observer) = (Path.Combine(folder, "control.qmp"), Path.Combine(folder, "observer.qmp"));
        string[] launcher = space is null ? [] : ["ip", "netns", "exec", space.Name];
        process = Process.Start("env",
        [
            .. launcher, "qemu-system-x86_64", "-machine", Machine, "-accel", "tcg,thread=multi,tb-size=64", "-cpu", "qemu64", "-m", string.Create(CultureInfo.InvariantCulture, $"{memoryKibibytes}K"),
            "-nodefaults", "-no-user-config", "-display", "none", "-kernel", program, "-append", arguments, "-serial", $"file:{SerialLog}",
            "-qmp", $"unix:{control},server=on,wait=off", "-qmp", $"unix:{observer},server=on,wait=off", .. isDestination ? ["-S", "-incoming", "defer"] : (string[])[],
            .. port is null ? (string[])[] : ["-netdev", $"tap,id=net0,ifname={port.Tap},script=no,downscript=no", "-device", $"virtio-net-pci,netdev=net0,mac={port.Mac},romfile="],
            .. port?.Initrd is { } initrd ? ["-initrd", initrd] : (string[])[],
        ]);
        SpinWait.SpinUntil(() => TryConnect(control));
        lines = new(new NetworkStream(socket));
        Do("qmp_capabilities");
    }

    public string Folder { get; }

    /// <summary>Its network interface; null: it has none.</summary>
    public Port? Interface { get; }

    public string SerialLog => Path.Combine(Folder, "serial.log");

    /// <summary>Moves the VM of one process to another, held at the switch as the service holds it.</summary>
    /// <returns>The destination, which runs; the source stands still.</returns>
    public static async Task<BareQemu> Move(BareQemu source, Func<BareQemu> destination, IPEndPoint target, double downtimeSeconds, CancellationToken cancel)
    {
        var filled = destination();
        foreach (var end in (BareQemu[])[source, filled])
        {
            end.Do("migrate-set-capabilities", new JsonObject
            {
                ["capabilities"] = new JsonArray([.. ((string[])["pause-before-switchover", "return-path", "events"]).Select(
                    capability => (JsonNode)new JsonObject { ["capability"] = capability, ["state"] = true })]),
            });
        }

        var uri = string.Create(CultureInfo.InvariantCulture, $"tcp:{target}");
        source.Do("migrate-set-parameters", new JsonObject { ["downtime-limit"] = (int)(downtimeSeconds * 1000), ["max-bandwidth"] = long.MaxValue });
        filled.Do("migrate-incoming", new JsonObject { ["uri"] = uri });
        source.Do("migrate", new JsonObject { ["uri"] = uri });
        await source.Until("pre-switchover", cancel);
        source.Do("migrate-continue", new JsonObject { ["state"] = "pre-switchover" });
        await source.Until("completed", cancel);
        while (filled.Do("query-status").GetProperty("status").GetString() is "inmigrate")
        {
            await Pause(cancel);
        }

        filled.Do("cont");
        return filled;
    }

    /// <summary>Asks or tells it something.</summary>
    public JsonElement Do(string command, JsonObject? arguments = null)
    {
        var order = new JsonObject { ["execute"] = command };
        if (arguments is not null)
        {
            order["arguments"] = arguments;
        }

        socket.Send(System.Text.Encoding.UTF8.GetBytes(order.ToJsonString()));
        while (true)
        {
            var word = JsonDocument.Parse(lines.ReadLine() ?? throw new InvalidOperationException($"QEMU has gone after {command}")).RootElement;
            if (word.TryGetProperty("error", out var error))
            {
                throw new InvalidOperationException($"{command}: {error}");
            }

            if (word.TryGetProperty("return", out var answer))
            {
                return answer;
            }
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
        socket.Dispose();
    }

    private static Task Pause(CancellationToken cancel) => Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancel);

    private bool TryConnect(string path)
    {
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return process.HasExited ? throw new InvalidOperationException("QEMU ended at once") : false;
        }
    }

    private async Task Until(string status, CancellationToken cancel)
    {
        while (Do("query-migrate") is var now && now.GetProperty("status").GetString() is var is_ && is_ != status)
        {
            if (is_ is "failed" or "cancelled")
            {
                throw new InvalidOperationException(now.ToString());
            }

            await Pause(cancel);
        }
    }

    /// <summary>A network interface, and what comes with it where it boots Linux.</summary>
    /// <param name="Tap">Its end on the host, which is there.</param>
    /// <param name="Mac">Its hardware address.</param>
    /// <param name="Initrd">The first file system; null: none.</param>
    public sealed record Port(string Tap, string Mac, string? Initrd = null);
}
