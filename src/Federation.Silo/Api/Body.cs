using System.Text;

namespace Federation.Silo.Api;

/// <summary>Reads bodies that are files; the server bounds their size.</summary>
internal static class Body
{
    public static async Task<string> ReadText(HttpRequest request, CancellationToken cancel)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancel);
    }
}
