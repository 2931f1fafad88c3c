using System.Net;
using System.Net.Sockets;

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
            HttpStatusCode.Forbidden => $"\nThe token that was sent comes from {access.TokenFrom}; it does not allow this",
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => "\n" + NoSuchService(access),
            _ => "",
        };
        return response.StatusCode == HttpStatusCode.ServiceUnavailable
            ? new AwayFailure(text, response.Headers.RetryAfter?.Delta <= TakesOverWithin)
            : new CommandFailure(text + advice);
    }

    /// <summary>Something else answers there.</summary>
    public static string NoSuchService(ServiceAccess access) =>
        $"{access.Name} (from {access.ServerFrom}) answers, but not as the placement service does; {Elsewhere}";
}
