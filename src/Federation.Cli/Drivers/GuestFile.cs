using System.Text.Json;
using System.Text.Json.Nodes;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Json;

namespace Federation.Cli.Drivers;

/// <summary>A file that says what a VM is, as a plug-in is told of it; its name may be left out.</summary>
internal static class GuestFile
{
    private static readonly VmRef Nameless = new(new(new("conformance"), "test", 1), new("vm"));

    /// <summary>Reads one; null if there is none to read.</summary>
    /// <exception cref="CommandFailure">It cannot be read, or says no VM.</exception>
    public static GuestSpec? Read(string? path)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("it is no object");
            json["vm"] = Nameless.Key;
            return json.Deserialize<GuestSpec>(DomainJson.Options) ?? throw new JsonException("it is null");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CommandFailure($"{path}: no VM can be read from it: {fault.Message}", fault);
        }
    }
}
