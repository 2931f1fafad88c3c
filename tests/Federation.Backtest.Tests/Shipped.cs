using Federation.Backtest.Scenarios;
using Shouldly;

namespace Federation.Backtest.Tests;

/// <summary>The scenarios as they are delivered.</summary>
internal static class Shipped
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "sites", "scenarios");

    public static Scenario Named(string name)
    {
        var path = Path.Combine(Folder, $"{name}.yaml");
        var parsed = ScenarioFile.Parse(File.ReadAllText(path), path);
        parsed.Faults.ShouldBeEmpty();
        return parsed.Value!;
    }

    /// <summary>A week in the life of the month: short enough for a test, with a closure and a reservation that ends in it.</summary>
    public static Scenario Week(int seed, int applications)
    {
        var month = Named("month");
        return (month with { Seed = seed, Start = month.Start.AddDays(5), Length = TimeSpan.FromDays(7) }).WithApplications(applications);
    }
}
