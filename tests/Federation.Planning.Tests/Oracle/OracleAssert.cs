using Federation.Domain.Estimation;
using Shouldly;

namespace Federation.Planning.Tests.Oracle;

/// <summary>Compares the product's figures with the oracle's, to a billionth.</summary>
public static class OracleAssert
{
    private const double Tolerance = 1e-9;

    public static void Same(PlacementEstimate actual, OraclePlacement expected)
    {
        Same(actual.RunSeconds, expected.RunSeconds, "run time");
        Same(actual.DowntimeSeconds, expected.DowntimeSeconds, "downtime");
        Same(actual.TimeSeconds, expected.TimeSeconds, "time");
        Same(actual.Hosting, expected.Hosting, "hosting");
        Same(actual.Traffic, expected.Traffic, "traffic");
        Same(actual.Moving, expected.Moving, "moving");
        Same(actual.Cost, expected.Cost, "cost");
        Same(actual.Preference, expected.Preference, "preference");
        Same(actual.Utilization, expected.Utilization, "utilization");
    }

    public static void Same(VmBill actual, OraclePlacement.OracleBill expected)
    {
        Same(actual.Hosting, expected.Hosting, "hosting");
        Same(actual.Traffic, expected.Traffic, "traffic");
        Same(actual.Moving, expected.Moving, "moving");
    }

    public static void Same(MigrationEstimate actual, OracleMigration expected)
    {
        Same(actual.Bytes, expected.Bytes, "bytes");
        Same(actual.DurationSeconds, expected.Duration, "duration");
        Same(actual.DowntimeSeconds, expected.Downtime, "downtime");
        Same(actual.LostSeconds, expected.Lost, "lost work");
        actual.IsCold.ShouldBe(expected.IsCold);
    }

    public static void Same(double actual, Rational expected, string what)
    {
        var exact = expected.ToDouble();
        Math.Abs(actual - exact).ShouldBeLessThanOrEqualTo(Tolerance * Math.Abs(exact), $"{what} is {actual:R}, should be {exact:R}");
    }
}
