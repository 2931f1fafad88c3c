using System.Text.Json;

namespace Federation.Sensor.Posting;

/// <summary>Reads why a service said no, a problem document (RFC 9457) or whatever text there is, and why there was no answer.</summary>
public static class ProblemText
{
    private const int MaxLength = 500;

    /// <summary>The status and the reason, in one line.</summary>
    public static async Task<string> Read(HttpResponseMessage response, CancellationToken cancel)
    {
        var body = (await response.Content.ReadAsStringAsync(cancel)).Trim();
        var reason = FromProblem(body) ?? body.ReplaceLineEndings(" ");
        var shown = reason.Length <= MaxLength ? reason : string.Concat(reason.AsSpan(0, MaxLength), "...");
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}".Trim();
        return shown.Length == 0 ? status : $"{status}: {shown}";
    }

    /// <summary>Why there was no answer. What is wrong with a certificate is told by the innermost reason alone.</summary>
    public static string Of(Exception fault) => fault is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
        ? fault.GetBaseException().Message
        : fault.Message;

    private static string? FromProblem(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Member(document, "detail") ?? Member(document, "title");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Member(JsonDocument document, string name) =>
        document.RootElement.ValueKind == JsonValueKind.Object
        && document.RootElement.TryGetProperty(name, out var member)
        && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
}
