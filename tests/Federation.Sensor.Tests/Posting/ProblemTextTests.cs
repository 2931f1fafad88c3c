using System.Security.Authentication;
using Federation.Sensor.Posting;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Posting;

public sealed class ProblemTextTests
{
    [Fact]
    public void What_is_wrong_with_a_certificate_is_told_itself()
    {
        var fault = new HttpRequestException(
            HttpRequestError.SecureConnectionError, "The SSL connection could not be established, see inner exception.", new AuthenticationException("UntrustedRoot"));

        ProblemText.Of(fault).ShouldBe("UntrustedRoot");
        ProblemText.Of(new HttpRequestException("Connection refused (a:1)", new IOException("refused"))).ShouldBe("Connection refused (a:1)");
    }
}
