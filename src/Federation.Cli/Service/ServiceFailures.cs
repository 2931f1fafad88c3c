using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Federation.Cli.Output;
using Federation.Domain.Json;

namespace Federation.Cli.Service;

/// <summary>Words for what goes wrong between this program and the service. None of them shows a token.</summary>
internal static class ServiceFailures
{
    private const string Elsewhere = "point elsewhere with --server URL, FEDCTL_SERVER or 'fedctl context set --server URL'";

    // A silo that waits for another one's death to be agreed on says one second; one that knows a site to be offline says more.
    private static readonly TimeSpan TakesOverWithin = TimeSpan.FromSeconds(1);

    /// <summary>Nothing was there to answer.</summary>
    public static AwayFailure Unreachable(ServiceAccess access, HttpRequestException failure)
    {
        var reason = failure.InnerException switch
        {
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
            SocketException socket => socket.Message,
            { } inner => inner.Message,
            null => failure.Message,
        };
        return new(
            $"no service answers at {access.Name} (from {access.ServerFrom}): {reason}\n"
            + $"Start one with ./quickstart.sh, or {Elsewhere}",
            passes: false,
            failure);
    }

    /// <summary>The service said no.</summary>
    public static CommandFailure Refused(ServiceAccess access, HttpResponseMessage response, string body)
    {
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}".Trim();
        var text = Problem.Read(body) is { } problem ? problem.Describe(status) : $"{access.Name} answered {status}";
        var advice = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => access.Token is null
                ? $"\nNo token was sent. It was looked for in: {access.TokenFrom}"
                    + "\nGive one with --token-file FILE, FEDCTL_TOKEN or 'fedctl context set --token-file FILE'"
                : $"\nThe token that was sent comes from {access.TokenFrom}; "
                    + "give another one with --token-file FILE, FEDCTL_TOKEN or 'fedctl context set --token-file FILE'",
            HttpStatusCode.Conflict when text.Contains("\n  changed:", StringComparison.Ordinal) =>
                "\nMake a new plan with 'fedctl plan APP', and apply that one",
            HttpStatusCode.PreconditionFailed => "\nNothing was changed; 'fedctl app get APP' shows its version now",
            HttpStatusCode.Forbidden => $"\nThe token that was sent comes from {access.TokenFrom}; it does not allow this",
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => "\n" + NoSuchService(access),
            _ => "",
        };
        return response.StatusCode switch
        {
            HttpStatusCode.ServiceUnavailable => new AwayFailure(text, response.Headers.RetryAfter?.Delta <= TakesOverWithin),
            // Another server may be quicker. A change is not sent to it: it may have been carried out all the same.
            HttpStatusCode.GatewayTimeout when response.RequestMessage?.Method == HttpMethod.Get => new AwayFailure(text, passes: false),
            // All others have the same disk under them (507).
            _ => new CommandFailure(text + advice),
        };
    }

    /// <summary>It has not answered in time. Of a change nobody knows then whether it was carried out.</summary>
    public static CommandFailure Late(string server, HttpMethod method, TimeSpan patience, Exception late)
    {
        var words = $"{server} took longer than {patience.TotalSeconds:0} s to answer";
        return method == HttpMethod.Get
            ? new AwayFailure($"{words}; try again", passes: false, late)
            : new CommandFailure($"{words}; whether it was carried out is not known: look before you try again", late);
    }

    /// <summary>Something else answers there.</summary>
    public static string NoSuchService(ServiceAccess access) =>
        $"{access.Name} (from {access.ServerFrom}) answers, but not as the placement service does; {Elsewhere}";
}

/// <summary>A server is not there, or not there yet: another one of the same service may answer.</summary>
/// <param name="message">What is said if none does.</param>
/// <param name="passes">Whether it said itself that it will be able to answer in a second or so.</param>
/// <param name="cause">The failure beneath, if there was one.</param>
internal sealed class AwayFailure(string message, bool passes, Exception? cause = null) : CommandFailure(message, cause)
{
    /// <summary>Whether it said itself that it will be able to answer in a second or so.</summary>
    public bool Passes { get; } = passes;
}

/// <summary>Why the service said no: a problem document (RFC 9457) with what this service adds to it.</summary>
/// <param name="Title">What kind of no.</param>
/// <param name="Detail">What exactly.</param>
/// <param name="Faults">What is wrong in a file that was sent.</param>
/// <param name="Changes">What is not any more as it was when a plan was made.</param>
internal sealed record Problem(string? Title, string? Detail, Problem.FaultLine[]? Faults, string[]? Changes)
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

    /// <summary>All of it: the detail, then every fault and every change on a line of its own.</summary>
    public string Describe(string status)
    {
        var text = new StringBuilder(Cells.Plain(Detail ?? Title ?? status));
        text.Append(" (").Append(status).Append(')');
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
