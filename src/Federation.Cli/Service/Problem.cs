using System.Text;
using System.Text.Json;
using Federation.Cli.Output;
using Federation.Domain.Json;

namespace Federation.Cli.Service;

/// <summary>Why the service said no: a problem document (RFC 9457) with what this service adds to it.</summary>
/// <param name="Title">What kind of no.</param>
/// <param name="Detail">What exactly, and what helps, for those who speak HTTP.</param>
/// <param name="What">What exactly, without what helps; null: the detail speaks no HTTP.</param>
/// <param name="Remedy">What helps, as a code.</param>
/// <param name="Faults">What is wrong in a file that was sent.</param>
/// <param name="Changes">What is not any more as it was when a plan was made.</param>
internal sealed record Problem(
    string? Title, string? Detail, string? What, Problem.RemedyCodes? Remedy, Problem.FaultLine[]? Faults, string[]? Changes)
{
    /// <summary>Reads a body; null if it is no problem document.</summary>
    public static Problem? Read(string body)
    {
        try
        {
            var problem = body.TrimStart().StartsWith('{') ? JsonSerializer.Deserialize<Problem>(body, DomainJson.Options) : null;
            return problem is { Title: null, Detail: null } ? null : problem;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>All of it: what is wrong and the command that helps, then every fault and every change on a line of its own.</summary>
    public string Describe()
    {
        var text = new StringBuilder(Cells.Plain(What ?? Detail ?? Title!));
        if (Remedy is { } remedy && RemedyText.Of(remedy.Code, remedy.Kind, remedy.Name) is { } helps)
        {
            text.Append("; ").Append(Cells.Plain(helps));
        }

        foreach (var fault in Faults ?? [])
        {
            text.Append("\n  ").Append(Cells.Plain(fault.ToString()));
        }

        foreach (var change in Changes ?? [])
        {
            text.Append("\n  changed: ").Append(Cells.Plain(change));
        }

        return text.ToString();
    }

    /// <summary>What helps, as it was sent: a newer service may have codes that are not known here.</summary>
    internal sealed record RemedyCodes(string? Code, string? Kind, string? Name);

    /// <summary>One fault of a file, as the service words it.</summary>
    internal sealed record FaultLine(string? File, int? Line, string? Key, string? Value, string? Problem, string? Remedy)
    {
        /// <inheritdoc/>
        public override string ToString()
        {
            var place = Line is > 0 ? $"{File}:{Line}" : File;
            var value = string.IsNullOrEmpty(Value) ? null : $"'{Value}'";
            var what = string.Join(' ', new[] { value, Problem }.OfType<string>());
            return string.Join(": ", new[] { place, Key, string.Join("; ", new[] { what, Remedy }.Where(HasText)) }.Where(HasText));
        }

        private static bool HasText(string? part) => !string.IsNullOrEmpty(part);
    }
}
