using System.Net;
using System.Net.Sockets;

namespace Federation.Cli.Service;

/// <summary>Words for what goes wrong between this program and the service. They name what fedctl can do about it; none of them shows a token.</summary>
internal static class ServiceFailures
{
    private const string Elsewhere = "point elsewhere with --server URL, FEDCTL_SERVER or 'fedctl context set --server URL'";
    private const string AnotherToken = "--token-file FILE, FEDCTL_TOKEN or 'fedctl context set --token-file FILE'";
    private const string AnotherAuthority = "--authority FILE, FEDCTL_AUTHORITY or 'fedctl context set --authority FILE'";
    private const string AnotherCertificate =
        "--certificate FILE --key FILE, FEDCTL_CERTIFICATE and FEDCTL_KEY or 'fedctl context set --certificate FILE --key FILE'";

    // A silo that waits for another one's death to be agreed on says one second; one that knows a site to be offline says more.
    private static readonly TimeSpan TakesOverWithin = TimeSpan.FromSeconds(1);

    /// <summary>Nothing was there to answer, or it was not let in.</summary>
    /// <param name="access">Whom it was.</param>
    /// <param name="failure">What went wrong.</param>
    /// <param name="untrusted">Why its certificate was not taken; null: that was not it.</param>
    public static AwayFailure Unreachable(ServiceAccess access, HttpRequestException failure, string? untrusted) => new(
        untrusted is not null ? Untrusted(access, untrusted)
        : IsConnected(failure) ? BrokenOff(access, failure)
        : $"no service answers at {access.Name} (from {access.ServerFrom}): {ReasonOf(failure)}\nStart one with ./quickstart.sh, or {Elsewhere}",
        passes: false,
        failure);

    /// <summary>The service said no.</summary>
    public static CommandFailure Refused(ServiceAccess access, HttpResponseMessage response, string body)
    {
        var problem = Problem.Read(body);
        var text = problem?.Describe() ?? WithoutReason(access, response.StatusCode);
        return response.StatusCode switch
        {
            HttpStatusCode.ServiceUnavailable => new AwayFailure(text, response.Headers.RetryAfter?.Delta <= TakesOverWithin),
            // Another server may be quicker. A change is not sent to it: it may have been carried out all the same.
            HttpStatusCode.GatewayTimeout when response.RequestMessage?.Method == HttpMethod.Get => new AwayFailure(text, passes: false),
            // All others have the same disk under them (507).
            _ => new CommandFailure(text + AdviceOf(access, response.StatusCode, problem)),
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

    private static string AdviceOf(ServiceAccess access, HttpStatusCode status, Problem? problem) => status switch
    {
        HttpStatusCode.Unauthorized => access.Token is null
            ? $"\nNo token was sent: {access.TokenFrom}\nGive one with {AnotherToken}"
            : $"\nThe token that was sent comes from {access.TokenFrom}; give another one with {AnotherToken}",
        HttpStatusCode.Conflict when problem?.Changes is { Length: > 0 } => "\nMake a new plan with 'fedctl plan APP', and apply that one",
        HttpStatusCode.PreconditionFailed => "\nNothing was changed; 'fedctl app get APP' shows its version now",
        HttpStatusCode.Forbidden => $"\nThe token that was sent comes from {access.TokenFrom}; it does not allow this",
        _ => "",
    };

    private static string WithoutReason(ServiceAccess access, HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => $"{access.Name} does not know who asks",
        HttpStatusCode.Forbidden => $"{access.Name} does not allow this",
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => $"{access.Name} cannot answer now; try again in a moment",
        >= HttpStatusCode.InternalServerError => $"{access.Name} failed; the service's log says why",
        _ => NoSuchService(access),
    };

    private static string Untrusted(ServiceAccess access, string reason) =>
        $"{access.Name} (from {access.ServerFrom}) is not trusted: {reason}\n"
        + (access.AuthorityFrom is { } authority
            ? $"It was held against the authority {authority}. Name the authority of this service with {AnotherAuthority}"
            : $"This machine does not know its authority. Name the authority's certificate with {AnotherAuthority}");

    private static string BrokenOff(ServiceAccess access, HttpRequestException failure) =>
        $"{access.Name} (from {access.ServerFrom}) breaks the connection off: {ReasonOf(failure)}\n"
        + (access.Servers[0].Scheme == Uri.UriSchemeHttp ? $"If it speaks TLS, its address begins with https://; or {Elsewhere}"
            : $"If it asks for a certificate, {(access.CertificateFrom is { } shown ? $"it does not take {shown}: name another one" : "name one")} with {AnotherCertificate}; "
                + "if it does not speak TLS, its address begins with http://");

    private static bool IsConnected(HttpRequestException failure) =>
        failure.HttpRequestError is HttpRequestError.SecureConnectionError or HttpRequestError.ResponseEnded
        || (failure.InnerException is IOException and not HttpIOException && failure.HttpRequestError != HttpRequestError.ConnectionError)
        || failure.InnerException is HttpIOException;

    private static string ReasonOf(HttpRequestException failure) => failure.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException socket => socket.Message,
        { } inner => inner.Message,
        null => failure.Message,
    };
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
