using Federation.Domain.Applications;
using Federation.Domain.Identity;

namespace Federation.Planning.Tests.Oracle;

/// <summary>Every figure of one placement, recomputed from the design's text alone; shares no code with the estimator.</summary>
public sealed record OraclePlacement
{
    private static readonly Rational BytesPerGB = 1_000_000_000;

    public required Rational RunSeconds { get; init; }

    public required Rational DowntimeSeconds { get; init; }

    public required Rational Utilization { get; init; }

    /// <summary>Each VM's share of the bill, in the application's order.</summary>
    public required IReadOnlyList<OracleBill> Bills { get; init; }

    /// <summary>Each VM's migration; null for one that does not move.</summary>
    public required IReadOnlyList<OracleMigration?> Migrations { get; init; }

    public Rational TimeSeconds => RunSeconds + DowntimeSeconds;

    public Rational Hosting => Bills.Select(bill => bill.Hosting).Sum();

    public Rational Traffic => Bills.Select(bill => bill.Traffic).Sum();

    public Rational Moving => Bills.Select(bill => bill.Moving).Sum();

    public Rational Cost => Hosting + Traffic + Moving;

    /// <summary>What counts besides, and nobody pays.</summary>
    public required Rational Preference { get; init; }

    /// <summary>The figures of a placement; null where the design says that there are none (no link, no convergence).</summary>
    public static OraclePlacement? Of(OracleWorld world, IReadOnlyList<Location> placement)
    {
        var vms = world.Application.Vms.Zip(placement).ToArray();
        var migrations = vms.Select(vm => OracleWorld.Moves(vm.First, vm.Second) ? world.Migration(vm.First, vm.Second) : null).ToArray();
        var stuck = vms.Where((vm, i) => OracleWorld.Moves(vm.First, vm.Second) && migrations[i] is null).Any();
        if (stuck || OracleTime.Run(world, placement) is not { } run)
        {
            return null;
        }

        var downtime = migrations.Select(migration => migration is { } moves ? moves.Downtime + moves.Lost : 0).Sum();
        var bills = vms.Select((_, i) => OracleBill.Of(world, placement, i, run + downtime, migrations[i])).ToArray();
        return new()
        {
            RunSeconds = run,
            DowntimeSeconds = downtime,
            Utilization = (Rational)vms.Sum(vm => vm.First.Vcpus) / vms.Sum(vm => world.OfferAt(vm.Second).Vcpus),
            Bills = bills,
            Migrations = migrations,
            Preference = vms.Select(vm => PreferenceOf(world, vm.First, vm.Second)).Sum(),
        };
    }

    // For each hour of the remaining time that it is elsewhere.
    private static Rational PreferenceOf(OracleWorld world, VmSpec vm, Location at) => world.Application.Prefer
        .Where(preference => preference.Vms.Length == 0 || preference.Vms.Any(named => named == vm.Id))
        .Select(preference => preference.Sites.Contains(at.Site) ? 0 : preference.PricePerHour * world.Remaining / 3600).Sum();

    /// <summary>One VM's share.</summary>
    public sealed record OracleBill(Rational Hosting, Rational Traffic, Rational Moving)
    {
        public static OracleBill Of(
            OracleWorld world, IReadOnlyList<Location> placement, int vm, Rational time, OracleMigration? migration)
        {
            var spec = world.Application.Vms[vm];
            var site = world.SiteNamed(placement[vm].Site);
            var billed = OracleBilling.Billed(site.Billing, time, OracleWorld.Arrives(spec, placement[vm]));
            var hosting = OracleBilling.Integral(world.OfferAt(placement[vm]).Price, world.View.Now, billed);
            var moving = migration is null ? 0 : MovingOf(world, spec, placement[vm], migration);
            return new(hosting, TrafficOf(world, placement, vm), moving);
        }

        private static Rational MovingOf(OracleWorld world, VmSpec vm, Location to, OracleMigration migration)
        {
            var from = vm.At!.Value;
            Rational egress = from.Site == to.Site ? 0 : migration.Bytes / BytesPerGB * world.SiteNamed(from.Site).Links[to.Site].EgressPerGB;
            return egress + OracleBilling.Integral(world.OfferAt(from).Price, world.View.Now, migration.Duration);
        }

        private static Rational TrafficOf(OracleWorld world, IReadOnlyList<Location> placement, int vm)
        {
            var vms = world.Application.Vms;
            var site = world.SiteNamed(placement[vm].Site);
            var crossing =
                from receiver in Enumerable.Range(0, vms.Length)
                where placement[receiver].Site != site.Id && site.Links.ContainsKey(placement[receiver].Site)
                select world.BytesPerSecond(vms[vm], vms[receiver]) * site.Links[placement[receiver].Site].EgressPerGB;
            var outside = world.BytesPerSecondOutside(vms[vm]) * site.Network.InternetEgressPerGB;
            var endpoints = world.Endpoints(vms[vm]).Where(endpoint => endpoint.Site != site.Id).Select(endpoint =>
                (endpoint.Sent * EgressOf(site, endpoint.Site)) + (endpoint.Bytes * EgressOf(world.SiteNamed(endpoint.Site), site.Id)));
            return world.Remaining / BytesPerGB * (crossing.Sum() + outside + endpoints.Sum());

            static Rational EgressOf(Domain.Sites.Site from, SiteId to) => from.Links.TryGetValue(to, out var link) ? link.EgressPerGB : 0;
        }
    }
}
