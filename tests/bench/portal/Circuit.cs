using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Federation.Portal.Bench;

/// <summary>A viewer without a browser: signs in, opens a circuit as the page's script does, and says of all that is drawn that it was.</summary>
internal sealed partial class Circuit : IAsyncDisposable
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);
    private readonly ClientWebSocket socket = new();
    private readonly SemaphoreSlim sending = new(1);
    private readonly CancellationTokenSource over = new();
    private Task reading = Task.CompletedTask;
    private Timer? pings;
    private long calls;

    /// <summary>Told of what is to be drawn, as it came.</summary>
    public event Action<byte[]>? Drawn;

    public long Bytes { get; private set; }

    public long Batches { get; private set; }

    /// <summary>Why it ended by itself; null: it did not.</summary>
    public string? End { get; private set; }

    public static async Task<Circuit> Open(Uri portal, string token, string path)
    {
        var circuit = new Circuit();
        var cookies = new CookieContainer();
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = portal };
        var form = await http.GetStringAsync(new Uri("/portal/sign-in", UriKind.Relative));
        using var fields = new FormUrlEncodedContent([new("token", token), .. Hidden().Matches(form).Select(field => new KeyValuePair<string, string>(field.Groups["name"].Value, WebUtility.HtmlDecode(field.Groups["value"].Value)))]);
        using var signedIn = await http.PostAsync(new Uri("/portal/sign-in", UriKind.Relative), fields);
        var page = await http.GetStringAsync(new Uri(path, UriKind.Relative));
        using var negotiated = await http.PostAsync(new Uri("/_blazor/negotiate?negotiateVersion=1", UriKind.Relative), null);
        using var connection = JsonDocument.Parse(await negotiated.Content.ReadAsStringAsync());
        circuit.socket.Options.Cookies = cookies;
        await circuit.socket.ConnectAsync(
            new UriBuilder(portal) { Scheme = "ws", Path = "/_blazor", Query = $"id={Uri.EscapeDataString(connection.RootElement.GetProperty("connectionToken").GetString()!)}" }.Uri, CancellationToken.None);
        await circuit.socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, CancellationToken.None);
        circuit.reading = circuit.Read(page);
        circuit.pings = new Timer(_ => circuit.Send([6]), null, PingInterval, PingInterval);
        circuit.Send([1, Headers, $"{++circuit.calls}", "StartCircuit", new object?[] { $"{portal}", $"{new Uri(portal, path)}", "[]", "" }, Array.Empty<object?>()]);
        return circuit;
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        pings?.Dispose();
        await reading;
        socket.Dispose();
        over.Dispose();
        sending.Dispose();
    }

    // Where the headers stand, of which there are none.
    private static object? Headers => null;

    private async Task Read(string page)
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        var isGreeted = false;
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(), over.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    End = $"closed: {socket.CloseStatusDescription}";
                    return;
                }

                message.Write(buffer, 0, part.Count);
                Bytes += part.Count;
                if (part.EndOfMessage)
                {
                    var whole = message.ToArray();
                    message.SetLength(0);
                    var at = isGreeted ? 0 : Array.IndexOf(whole, (byte)0x1e) + 1;
                    isGreeted = true;
                    Take(whole, at, page);
                }
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or WebSocketException)
        {
            End = over.IsCancellationRequested ? null : fault.Message;
        }
    }

    private void Take(byte[] whole, int at, string page)
    {
        while (at < whole.Length)
        {
            var (length, shift) = (0, 0);
            byte next;
            do
            {
                next = whole[at++];
                length |= (next & 0x7f) << shift;
                shift += 7;
            }
            while ((next & 0x80) != 0);
            var start = 0;
            var message = (object?[])Packed.Read(whole.AsSpan(at, length), ref start)!;
            at += length;
            switch (message)
            {
                case [1L, _, _, string target, object?[] arguments, ..]:
                    Called(target, arguments);
                    break;
                case [3L, _, "1", 3L, not null]:
                    Invoke("UpdateRootComponents", JsonSerializer.Serialize(new { batchId = 1, operations = Components(page) }), State().Match(page).Groups["state"].Value);
                    break;
                case [3L, _, _, 1L, string fault]:
                    End = fault;
                    break;
                default:
                    break;
            }
        }
    }

    private void Called(string target, object?[] arguments)
    {
        switch (target, arguments)
        {
            case ("JS.RenderBatch", [long batch, byte[] drawn]):
                Batches++;
                Invoke("OnRenderCompleted", batch, null);
                Drawn?.Invoke(drawn);
                break;
            case ("JS.BeginInvokeJS", [long task, string function, ..]) when task != 0:
                var answer = function switch { "import" => "{\"__jsObjectId\":1}", "zone" => "\"UTC\"", _ => "null" };
                Invoke("EndInvokeJSFromDotNet", task, true, $"[{task},true,{answer}]");
                break;
            case ("JS.Error", [var fault]):
                End = $"{fault}";
                break;
            default:
                break;
        }
    }

    private void Invoke(string target, params object?[] arguments) => Send([1, Headers, null, target, arguments, Array.Empty<object?>()]);

    private void Send(object?[] message)
    {
        var body = new List<byte> { (byte)(0x90 + message.Length) };
        foreach (var (index, part) in message.Index())
        {
            if (index == 1)
            {
                body.Add(0x80);
            }
            else
            {
                Packed.Write(body, part);
            }
        }

        var whole = new List<byte>();
        for (var length = body.Count; ; length >>= 7)
        {
            whole.Add((byte)(length > 0x7f ? (length & 0x7f) | 0x80 : length));
            if (length <= 0x7f)
            {
                break;
            }
        }

        whole.AddRange(body);
        _ = Put([.. whole]);
    }

    private async Task Put(byte[] whole)
    {
        try
        {
            await sending.WaitAsync(over.Token);
            await socket.SendAsync(whole, WebSocketMessageType.Binary, true, over.Token);
            sending.Release();
        }
        catch (Exception fault) when (fault is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            End ??= over.IsCancellationRequested ? null : fault.Message;
        }
    }

    private static object[] Components(string page) => [.. Marker().Matches(page)
        .Select(found => JsonDocument.Parse(found.Groups["marker"].Value).RootElement).Where(marker => marker.TryGetProperty("type", out var type) && type.GetString() == "server")
        .Select((marker, index) => (object)new { type = "add", ssrComponentId = index + 1, marker })];

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Hidden();

    [GeneratedRegex("<!--Blazor:(?<marker>\\{.*?\\})-->", RegexOptions.ExplicitCapture)]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(?<state>[^>]*?)-->", RegexOptions.ExplicitCapture)]
    private static partial Regex State();
}
