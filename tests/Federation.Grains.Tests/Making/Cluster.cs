using System.Collections.Concurrent;
using Federation.Actuation;
using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Audit;
using Federation.Domain.Events;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Traffic;
using Federation.Grains.Access;
using Federation.Grains.Hosts;
using Federation.Grains.Placing;
using Federation.Grains.Solving;
using Federation.Storage;
using Federation.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests.Making;

/// <summary>A test cluster, of one silo unless sites are named, with the product's grains; state in memory, traffic and events in a SQLite file of its own.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly InProcessTestCluster cluster;
    private readonly DirectoryInfo folder;
    private readonly FederationDatabase database;

    private Cluster(InProcessTestCluster cluster, DirectoryInfo folder, FederationDatabase database, GatedTrafficStore traffic, FaultyHypervisor hypervisor) =>
        (this.cluster, this.folder, this.database, Traffic, Hypervisor) = (cluster, folder, database, traffic, hypervisor);

    public required SharedStorage Storage { get; init; }

    /// <summary>What grains have where a test gave them no clock.</summary>
    public required ShiftedClock Clock { get; init; }

    public required SharedReminders Reminders { get; init; }

    /// <summary>The sites of the silos that are started next.</summary>
    private ConcurrentQueue<string> Waiting { get; init; } = [];

    /// <summary>Whether a grain will be reminded of something.</summary>
    public async Task<bool> HasReminder(IAddressable grain, string name) => await Reminders.ReadRow(grain.GetGrainId(), name) is not null;

    public IGrainFactory Grains => cluster.Client;

    public FaultyHypervisor Hypervisor { get; }

    public GatedTrafficStore Traffic { get; }

    public IEventLog Events => database.Events;

    /// <summary>The token of sensor host-a on host h1 of site a; a call without it is the service's own.</summary>
    public const string TokenOfSensor = "host-a";

    private static readonly Caller Sensor = new("host-a", "itself", [Role.Sensor], [], [], new("host-a", new(new("a"), "h1")));

    /// <summary>Ends a site's silo as a crash does.</summary>
    public Task Kill(string site) => cluster.KillSiloAsync(SiloOf(site));

    /// <summary>Starts a silo of a site whose silo was killed.</summary>
    public Task Restart(string site)
    {
        Waiting.Enqueue(site);
        return cluster.StartAdditionalSiloAsync();
    }

    /// <summary>Lets go of every grain: each reads its state anew when it is called next.</summary>
    public async Task Forget() => await Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    /// <summary>Reminds a grain of something, as its reminder does when its time has come; it has to be there.</summary>
    public async Task Remind(IAddressable grain, string name)
    {
        (await HasReminder(grain, name)).ShouldBeTrue($"nothing reminds {grain.GetGrainId()} of '{name}'");
        await grain.AsReference<IRemindable>().ReceiveReminder(name, default, TestContext.Current.CancellationToken);
    }

    /// <summary>The address of a site's silo.</summary>
    public SiloAddress AddressOf(string site) => SiloOf(site).SiloAddress;

    /// <summary>Starts it.</summary>
    /// <param name="sites">A silo for each of these sites; none: the embedded service.</param>
    public static Task<Cluster> Start(params string[] sites) => Start(new ReservationOptions(), sites);

    /// <summary>Starts it, with other bounds on what is solved at once.</summary>
    public static Task<Cluster> Start(SolvingOptions solving, params string[] sites) =>
        Start(new ReservationOptions(), Math.Max(1, sites.Length), sites, given: null, solving);

    /// <summary>The copy of the sites that a site's silo has.</summary>
    public SiteViews Views(string site) => SiloOf(site).ServiceProvider.GetRequiredService<SiteViews>();

    /// <summary>What a site's silo knows of sites that are lost.</summary>
    public LostSites Lost(string site) => SiloOf(site).ServiceProvider.GetRequiredService<LostSites>();

    /// <summary>How many looks wait because a site has changed.</summary>
    public int LooksWaiting => cluster.Silos.Sum(silo => silo.ServiceProvider.GetRequiredService<ReevaluationCounts>().Waiting);

    /// <summary>Where a silo that is up solves: a test that takes a place there keeps others waiting.</summary>
    public IEnumerable<SolverPool> Solvers => cluster.Silos.Where(silo => silo.IsActive).Select(silo => silo.ServiceProvider.GetRequiredService<SolverPool>());

    /// <summary>Ends the silo that hosts a grain, as a crash does.</summary>
    public async Task KillHostOf(IAddressable grain)
    {
        var host = await Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        await cluster.KillSiloAsync(cluster.Silos.Single(silo => silo.SiloAddress.Equals(host)));
    }

    /// <summary>Starts it with some silos of no site, over one database. Grains and their timers have a clock of the test; membership keeps the system's.</summary>
    public static Task<Cluster> StartSilos(int silos, TimeProvider clock) => Start(new ReservationOptions(), silos, [], clock);

    /// <summary>Ends one of the silos that are up, as a crash does; where only one is up, starts another.</summary>
    public Task KillOrStart(int silo)
    {
        var up = cluster.Silos.Where(one => one.IsActive).ToList();
        return up.Count > 1 ? cluster.KillSiloAsync(up[silo % up.Count]) : cluster.StartAdditionalSiloAsync();
    }

    /// <summary>Gives the reminders that are due by the test's clock to their grains.</summary>
    public IEnumerable<(string What, Task Done)> Remind() => Reminders.TakeDue().Select(due =>
        ($"reminder {due.Name} of {due.Grain}", Grains.GetGrain(due.Grain).AsReference<IRemindable>().ReceiveReminder(due.Name, due.Status)));

    /// <summary>Starts it, with places kept for another time than the rule.</summary>
    public static Task<Cluster> Start(ReservationOptions reservations, params string[] sites) =>
        Start(reservations, Math.Max(1, sites.Length), sites, given: null);

    private static async Task<Cluster> Start(ReservationOptions reservations, int silos, string[] sites, TimeProvider? given, SolvingOptions? solving = null)
    {
        var shifted = new ShiftedClock();
        var clock = given ?? shifted;
        var folder = Directory.CreateTempSubdirectory("federation-grains-");
        var database = new SqliteDatabase(Path.Combine(folder.FullName, "federation.db"));
        DatabaseSchema.Apply(database);
        var traffic = new GatedTrafficStore(database.Traffic);
        var hypervisor = new FaultyHypervisor(new SimulatedHypervisor(
            new SimulatedVmFiles(folder.FullName), new SimulatedHypervisorOptions { Directory = folder.FullName, TimeScale = 0 }, TimeProvider.System));
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureHost(host => host.Services.AddFederationSerialization());
        // Silos start side by side, in any order: each takes the next site.
        var waiting = new ConcurrentQueue<string>(sites);
        var storage = new SharedStorage();
        var reminders = new SharedReminders(clock);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseSite(waiting.TryDequeue(out var next) ? new(next) : null);
            silo.Services.AddKeyedSingleton<IGrainStorage>(GrainStateSerializer.StorageName, storage);
            silo.Services.AddSingleton<IActivationWorkingSetObserver, LeavingGrains>();
            // So that the others soon agree that a silo is dead.
            silo.Configure<ClusterMembershipOptions>(membership =>
                (membership.ProbeTimeout, membership.NumVotesForDeathDeclaration) = (TimeSpan.FromMilliseconds(500), 1));
            silo.AddReminders();
            silo.Services.AddSingleton<IReminderTable>(reminders);
            silo.Services.AddSingleton(clock);
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            silo.AddIncomingGrainCallFilter(call =>
            {
                CallerContext.Set(call.SourceId is { } source && source.IsClient() && CallerToken.Current == TokenOfSensor ? Sensor : null);
                return call.Invoke();
            });
            silo.Services.AddSingleton(Options.Create(reservations));
            // Two looks one after another are far enough apart: nothing else is under way in a test.
            silo.Services.AddSingleton(Options.Create(new ReconcilerOptions { Settle = TimeSpan.FromTicks(1) }));
            silo.Services.AddSingleton<IHypervisor>(hypervisor);
            silo.Services.AddSingleton<ITrafficStore>(traffic);
            silo.Services.AddSingleton<IEventLog>(database.Events);
            silo.Services.AddSingleton<IAuditLog>(database.Audit);
            silo.Services.AddSingleton<EventRecorder>();
            silo.Services.AddSingleton<SolverPool>().AddSingleton<SiteViews>().AddSingleton<RelayBooks>().AddSingleton<LastKnownSites>().AddSingleton<ReevaluationCounts>().AddSingleton<SegmentCounts>();
            silo.Services.AddSingleton(Options.Create(solving ?? new()));
        });
        builder.ConfigureClient(client => client.Services.AddFederationSerialization());
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new Cluster(cluster, folder, database, traffic, hypervisor) { Storage = storage, Clock = shifted, Reminders = reminders, Waiting = waiting };
    }

    private InProcessSiloHandle SiloOf(string site) =>
        cluster.Silos.Last(silo => silo.ServiceProvider.GetRequiredService<OwnSite>().Site == new SiteId(site));

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        await database.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
