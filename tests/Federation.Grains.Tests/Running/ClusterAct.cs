using System.Text.Json;
using System.Text.Json.Serialization;
using Federation.Domain.Migration;

namespace Federation.Grains.Tests.Running;

/// <summary>One thing that is done to a cluster in a run, in numbers of the run's applications and sites. All that a run is given: it can be recorded and done again.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "act")]
[JsonDerivedType(typeof(Put), "put")]
[JsonDerivedType(typeof(Delete), "delete")]
[JsonDerivedType(typeof(Plan), "plan")]
[JsonDerivedType(typeof(Start), "start")]
[JsonDerivedType(typeof(Cancel), "cancel")]
[JsonDerivedType(typeof(Want), "want")]
[JsonDerivedType(typeof(Decide), "decide")]
[JsonDerivedType(typeof(Fail), "fail")]
[JsonDerivedType(typeof(Lose), "lose")]
[JsonDerivedType(typeof(Doctor), "doctor")]
[JsonDerivedType(typeof(Describe), "describe")]
[JsonDerivedType(typeof(Move), "move")]
[JsonDerivedType(typeof(Remove), "remove")]
[JsonDerivedType(typeof(DeleteSite), "delete site")]
[JsonDerivedType(typeof(Pass), "pass")]
[JsonDerivedType(typeof(Kill), "kill")]
internal abstract record ClusterAct
{
    /// <summary>Whether all that was begun has to come to its end before the next act.</summary>
    public bool Waits { get; init; }

    /// <summary>An application is described, with a VM for each entry, which says where it runs already; null: nowhere.</summary>
    public sealed record Put(int App, int?[] At) : ClusterAct;

    public sealed record Delete(int App) : ClusterAct;

    /// <summary>A plan is made, and started or not.</summary>
    public sealed record Plan(int App, bool Starts) : ClusterAct;

    /// <summary>One of the plans that have not ended is started.</summary>
    public sealed record Start(int Which) : ClusterAct;

    public sealed record Cancel(int Which) : ClusterAct;

    /// <summary>A site is asked to approve a plan, as a rule one that nobody has started.</summary>
    public sealed record Want(int Which, int Site) : ClusterAct;

    /// <summary>A site's administrator says something to one of the plans that have asked there.</summary>
    public sealed record Decide(int Site, int Which, Word Says) : ClusterAct;

    /// <summary>The next calls of a kind to hypervisors fail, before they did their work or after.</summary>
    public sealed record Fail(string Call, int Times, bool AfterItsWork) : ClusterAct;

    /// <summary>The next write of a state fails: it was not done, or it was and its answer got lost.</summary>
    public sealed record Lose(string State, bool AfterIt) : ClusterAct;

    public sealed record Doctor(bool Repairs) : ClusterAct;

    /// <summary>Sites are described: each with its price, and whether administrators of all but the first approve who comes, and who leaves.</summary>
    public sealed record Describe(int[] Prices, bool ApprovesArrivals, bool ApprovesDepartures) : ClusterAct;

    /// <summary>A plan is made that moves one VM to a site whether or not that pays, and started or not.</summary>
    public sealed record Move(int App, int Vm, int Site, bool Starts) : ClusterAct;

    /// <summary>One VM leaves its application.</summary>
    public sealed record Remove(int App, int Vm) : ClusterAct;

    /// <summary>A site leaves the federation, if it may; the next description brings it back.</summary>
    public sealed record DeleteSite(int Site) : ClusterAct;

    /// <summary>Time passes; reminders that are due come.</summary>
    public sealed record Pass(TimeSpan By) : ClusterAct;

    /// <summary>A silo dies; where only one is left, another one starts.</summary>
    public sealed record Kill(int Silo) : ClusterAct;

    /// <summary>What an administrator says to a plan.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<Word>))]
    public enum Word
    {
        Approve,
        Reject,
        Withdraw,
    }
}

/// <summary>The acts of a run: from a seed, or from a file in which they were recorded, one on a line.</summary>
internal static class ClusterActs
{
    public const int Apps = 3;
    public const int Sites = 3;
    private const int Length = 60;

    private static readonly string[] Calls =
    [
        nameof(IHypervisor.Start), nameof(IHypervisor.Stop), nameof(IHypervisor.Begin), nameof(IHypervisor.Look), nameof(IHypervisor.Switch),
        nameof(IHypervisor.Run), nameof(IHypervisor.Cancel), nameof(IHypervisor.Find),
    ];

    private static readonly string[] States = ["application", "plan", "saga", "placement", "migration", "site", "vm", "federation", "reconciler"];

    public static ClusterAct[] Of(int seed)
    {
        var random = new Random(seed);
        return
        [
            Site(random) with { Waits = true },
            .. Enumerable.Range(0, Apps).Select(app => Put(random, app, isTakenOver: false)),
            .. Enumerable.Range(0, Length).Select(_ => Any(random) with { Waits = random.Next(3) == 0 }),
        ];
    }

    public static ClusterAct[] Read(string file) => [.. File.ReadLines(file).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<ClusterAct>(line)!)];

    public static void Write(string file, IEnumerable<ClusterAct> acts) => File.WriteAllLines(file, acts.Select(act => JsonSerializer.Serialize(act)));

    private static ClusterAct Any(Random random) => random.Next(43) switch
    {
        < 4 => Put(random, random.Next(Apps), isTakenOver: random.Next(2) == 0),
        4 => new ClusterAct.Delete(random.Next(Apps)),
        < 12 => new ClusterAct.Plan(random.Next(Apps), Starts: random.Next(4) > 0),
        < 14 => new ClusterAct.Start(random.Next(8)),
        14 => new ClusterAct.Cancel(random.Next(8)),
        15 => new ClusterAct.Want(random.Next(8), random.Next(1, Sites)),
        < 21 => new ClusterAct.Decide(random.Next(1, Sites), random.Next(4), random.Next(7) switch
        {
            < 4 => ClusterAct.Word.Approve, 4 => ClusterAct.Word.Reject, _ => ClusterAct.Word.Withdraw,
        }),
        < 24 => new ClusterAct.Fail(Calls[random.Next(Calls.Length)], random.Next(1, 3), random.Next(2) == 0),
        24 => new ClusterAct.Doctor(Repairs: random.Next(4) > 0),
        < 28 => Site(random),
        < 31 => new ClusterAct.Pass(random.Next(6) switch
        {
            0 => TimeSpan.FromHours(random.Next(1, 30)), 1 => TimeSpan.FromMinutes(random.Next(1, 8)), _ => TimeSpan.FromSeconds(random.Next(1, 60)),
        }),
        < 33 => new ClusterAct.Kill(random.Next(2)),
        < 36 => new ClusterAct.Move(random.Next(Apps), random.Next(1, 5), random.Next(Sites), Starts: random.Next(4) > 0),
        < 38 => new ClusterAct.Remove(random.Next(Apps), random.Next(1, 5)),
        < 40 => new ClusterAct.DeleteSite(random.Next(Sites)),
        _ => new ClusterAct.Lose(States[random.Next(States.Length)], random.Next(2) == 0),
    };

    // What runs is not told where; what is taken over is.
    private static ClusterAct.Put Put(Random random, int app, bool isTakenOver) =>
        new(app, [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => isTakenOver && random.Next(2) == 0 ? random.Next(Sites) : (int?)null)]);

    private static ClusterAct.Describe Site(Random random) =>
        new([.. Enumerable.Range(0, Sites).Select(_ => random.Next(1, 5))], random.Next(2) == 0, random.Next(2) == 0);
}
