using Federation.Actuation.Conformance;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Actuation.Tests.Conformance;

public sealed class ConformanceTestTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("federation-simulator-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Checks => ConformanceNames.All;

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Every_check_fails_with_one_defect_or_another(string name)
    {
        var check = ConformanceTest.Checks.Single(check => check.Name == name);
        foreach (var defect in Enum.GetValues<Defect>())
        {
            if ((await ConformanceTest.Run(Stand(defect), check, Cancel)).Outcome == CheckOutcome.Failed)
            {
                return;
            }
        }

        // What only drivers with a weaker promise are held against, is shown by those.
        check.Promise.ShouldBe(DriverPromise.Ends);
    }

    [Theory]
    [InlineData(Defect.FindsNothing, "should be Running")]
    [InlineData(Defect.RefusesAll, "Start was refused: no")]
    [InlineData(Defect.RefusesNothing, "was not refused")]
    [InlineData(Defect.RunsByItself, "nobody told it to")]
    [InlineData(Defect.DoesNotHold, "should be AtSwitch")]
    [InlineData(Defect.IgnoresCancel, "should be gone")]
    [InlineData(Defect.IgnoresStop, "should be gone")]
    [InlineData(Defect.ForgetsOnRestart, "and is not here")]
    [InlineData(Defect.TellsNothing, "has not returned")]
    [InlineData(Defect.TellsNoTransfer, "transfer")]
    [InlineData(Defect.HasNoName, "no name or no version")]
    [InlineData(Defect.Hangs, "Start has not returned")]
    [InlineData(Defect.Throws, "InvalidDataException and not DriverException: it broke")]
    public async Task A_defect_is_told_with_the_host_and_with_what_was_seen(Defect defect, string told)
    {
        var reasons = new List<string>();
        await foreach (var result in ConformanceTest.Run(Stand(defect), ConformanceTest.Checks, Cancel))
        {
            reasons.AddRange(result.Outcome == CheckOutcome.Failed ? [result.Reason!] : []);
            if (reasons.Any(reason => reason.Contains(told, StringComparison.Ordinal)))
            {
                break;
            }
        }

        reasons.ShouldContain(reason => reason.Contains(told, StringComparison.Ordinal));
        reasons.ShouldAllBe(reason => reason.StartsWith("host a: ") || reason.StartsWith("host b: "));
    }

    [Fact]
    public async Task What_a_driver_does_not_promise_is_not_held_against_it_and_is_told()
    {
        var check = ConformanceTest.Checks.Single(check => check.Name.StartsWith("A source that ends with the transfer", StringComparison.Ordinal));

        var result = await ConformanceTest.Run(new SimulatorStand(directory.FullName), check, Cancel);

        result.Outcome.ShouldBe(CheckOutcome.NotPromised);
        result.Reason.ShouldBe("its source can run again after the transfer");
    }

    [Fact]
    public void No_two_checks_have_one_name() => ConformanceTest.Checks.Select(check => check.Name).ShouldBeUnique();

    public void Dispose() => directory.Delete(recursive: true);

    private BrokenStand Stand(Defect defect) =>
        new(new(Path.Combine(directory.FullName, defect.ToString())) { Patience = TimeSpan.FromMilliseconds(300) }, defect);

    private sealed class BrokenStand(SimulatorStand right, Defect defect) : IDriverStand
    {
        public TimeSpan Patience => right.Patience;

        public TimeSpan Interval => right.Interval;

        public TimeProvider Clock => right.Clock;

        public TransferTerms Swift => right.Swift;

        public TransferTerms Slow => right.Slow;

        public IHypervisorDriver Open(TrialHost host) => new BrokenDriver(right.Open(host), defect);

        public GuestSpec Guest(VmRef vm) => right.Guest(vm);
    }
}
