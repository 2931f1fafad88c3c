using Federation.Actuation.Conformance;
using Shouldly;
using Xunit;

namespace Federation.Actuation.Tests.Conformance;

/// <summary>The checks as cases of a test, and how one is made.</summary>
internal static class ConformanceNames
{
    public static TheoryData<string> All => [.. ConformanceTest.Checks.Select(check => check.Name)];

    /// <summary>Makes one check; what the driver does not promise passes, too: <see cref="ShouldNotPromise"/> says what that is.</summary>
    public static async Task ShouldHold(this IDriverStand stand, string name)
    {
        var check = ConformanceTest.Checks.Single(check => check.Name == name);
        var result = await ConformanceTest.Run(stand, check, TestContext.Current.CancellationToken);
        result.Outcome.ShouldNotBe(CheckOutcome.Failed, result.Reason);
    }

    /// <summary>A driver does not promise this, and all else.</summary>
    public static async Task ShouldNotPromise(this IDriverStand stand, params DriverPromise[] promises)
    {
        var facts = await stand.Open(TrialHost.A).Describe(TestContext.Current.CancellationToken);
        ConformanceTest.Checks.Select(check => check.Promise).OfType<DriverPromise>().Distinct().Where(promise => !promise.IsGiven(facts))
            .ShouldBe(promises, ignoreOrder: true);
    }
}
