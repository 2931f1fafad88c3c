using Federation.Yaml.Shapes;
using static Federation.Yaml.Shapes.Key;

namespace Federation.Backtest.Scenarios;

/// <summary>The mappings of a scenario file.</summary>
internal static class ScenarioShapes
{
    public static readonly Shape Scenario = new("scenario",
        Must("scenario", "month"), Must("start", "2026-11-01T00:00Z"), Must("length", "30d"), May("seed", "1"), Must("sites", ".."),
        May("prices", "{ volatility: 0.2, reversion: 12h, step: 1h }"),
        May("reservations", "[{ site: rennes, from: 2026-11-02T18:00Z, until: 2026-11-06T06:00Z }]"),
        May("closures", "[{ site: rennes, from: 2026-11-09T10:00Z, until: 2026-11-09T16:00Z, notice: 30m }]"),
        Must("applications", "[{ name: solver, count: 20, vms: 8, vcpus: 2, memory: 4GiB, runs: { shortest: 6h, longest: 2d } }]"),
        May("policy", "{ margin: 0.05, persistence: 3, cooldown: 1h }"));

    public static readonly Shape Prices = new("prices",
        Must("volatility", "0.2"), Must("reversion", "12h"), Must("step", "1h"), May("sites", "[aws-us-east-1]"));

    public static readonly Shape Reservation = new("reservation",
        Must("site", "rennes"), Must("from", "2026-11-02T18:00Z"), Must("until", "2026-11-06T06:00Z"));

    public static readonly Shape Closure = new("closure",
        Must("site", "rennes"), Must("from", "2026-11-09T10:00Z"), Must("until", "2026-11-09T16:00Z"), May("notice", "30m"));

    public static readonly Shape Application = new("applications",
        Must("name", "solver"), Must("count", "20"), May("tenant", "astro"), May("objective", "cost"), Must("vms", "8"), Must("vcpus", "2"),
        Must("memory", "4GiB"), May("dirtyRate", "20MB/s"), May("disk", "2GiB"), May("writeRate", "1MB/s"), Must("runs", "{ shortest: 6h, longest: 2d }"), May("overlap", "0.5"),
        May("packetsPerExchange", "8"), May("traffic", "[{ lasts: 6h, groups: 2, inside: 20MB/s, between: 1MB/s }]"));

    public static readonly Shape Runs = new("runs", Must("shortest", "6h"), Must("longest", "2d"));

    public static readonly Shape Phase = new("traffic",
        Must("lasts", "6h"), May("groups", "2"), May("inside", "20MB/s"), May("between", "1MB/s"), May("outside", "0"), May("packet", "1kB"));

    public static readonly Shape Policy = new("policy", May("margin", "0.05"), May("persistence", "3"), May("cooldown", "1h"), May("memory", "24h"),
        May("movingMargin", "0.5"), May("priceReversion", "5d"));
}
