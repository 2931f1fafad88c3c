using System.Security.Cryptography;
using Federation.Actuation;
using Federation.Client;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Audit;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Grains;
using Federation.Grains.Access;
using Federation.Grains.Hosted;
using Federation.Grains.Hosts;
using Federation.Grains.Placing;
using Federation.Grains.Solving;
using Federation.Portal;
using Federation.Silo.Access;
using Federation.Silo.Api;
using Federation.Silo.Auditing;
using Federation.Silo.Guarding;
using Federation.Silo.Http;
using Federation.Silo.Ingest;
using Federation.Silo.Observing;
using Federation.Silo.Policies;
using Federation.Silo.Secrets;
using Federation.Silo.Settings;
using Federation.Silo.Tls;
using Federation.Storage;
using Federation.Storage.Postgres;
using Federation.Storage.Sqlite;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Federation.Silo.Hosting;

/// <summary>Puts the service together: Orleans in one process over its database, and the HTTP API before it.</summary>
public static partial class FederationHost
{
    /// <summary>Runs the service until it is told to stop.</summary>
    /// <param name="args">The command line, which overrides environment and settings files.</param>
    public static async Task Run(string[] args)
    {
        var service = Build(args);
        SettingsCheck.CheckAll(service.Services);
        await service.RunAsync();
    }

    /// <summary>The service, ready to run.</summary>
    /// <param name="args">The command line, which overrides environment and settings files.</param>
    /// <param name="also">Adds to it what a test needs.</param>
    /// <exception cref="RefusedStartException">It cannot start with its settings, its data folder or its ports.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? also = null)
    {
        // Its settings file lies beside it, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddLogForm(isForPeople: !Console.IsOutputRedirected);
        var options = SettingsCheck.Read(builder.Configuration);
        builder.Services.AddOptions<ServiceOptions>().BindConfiguration("Federation").ValidateOnStart();
        builder.Services.AddOptions<MovePolicy>().BindConfiguration("Federation:Moves").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<MovePolicy>, MovePolicyValidator>();
        builder.Services.AddSingleton<IValidateOptions<ServiceOptions>, ServiceOptionsValidator>();
        builder.Services.AddOptions<ReconcilerOptions>().BindConfiguration("Federation:Reconciler").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ReconcilerOptions>, ReconcilerOptionsValidator>();
        builder.Services.AddOptions<ReservationOptions>().BindConfiguration("Federation:Reservations").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ReservationOptions>, ReservationOptionsValidator>();
        builder.Services.AddOptions<SolvingOptions>().BindConfiguration("Federation:Solving").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SolvingOptions>, SolvingOptionsValidator>();
        var tls = AddTls(builder);
        builder.AddRequestLimits();
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            // Nobody but this machine, unless the operator says otherwise.
            builder.WebHost.UseUrls(tls is null ? "http://127.0.0.1:8080" : "https://127.0.0.1:8080");
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes);
        ListeningPorts.Check(options, builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey) ?? "");
        var database = OpenDatabase(options);
        var closed = DataFolder.Prepare(options, database is SqliteDatabase);
        DatabaseSchema.Apply(database);
        AddParts(builder.Services, options, database);
        AddAccess(builder, options);
        builder.AddTelemetry(options);
        builder.UseOrleans(silo =>
        {
            ConfigureSilo(silo, options, database);
            tls?.Configure(silo);
        });
        // After Orleans, so that the silo runs when it starts.
        builder.Services.AddHostedService<ResumeService>();
        builder.Services.AddSingleton<InterruptedGrains>().AddHostedService(provider => provider.GetRequiredService<InterruptedGrains>());
        if (options.Site.Length > 0)
        {
            // The embedded service serves every site itself.
            builder.Services.AddHostedService<SiteWatch>();
        }

        builder.Services.AddHostedService<ClockWatch>();
        builder.Services.AddSiteFolder();
        if (options.Portal)
        {
            builder.Services.AddPortal(provider => FederationClient.Over(provider.GetRequiredService<IGrainFactory>(), TimeProvider.System), PortalIssuer.Of(options, builder.Configuration));
        }

        also?.Invoke(builder);
        var app = builder.Build();
        foreach (var note in closed)
        {
            LogClosed(app.Logger, note);
        }

        return WithApi(app, options);
    }

    private static ClusterTls? AddTls(WebApplicationBuilder builder)
    {
        try
        {
            return SettingsCheck.OrRefuse(builder.Configuration, builder.AddTls);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new RefusedStartException($"The certificates of Federation:Tls cannot be used ({fault.Message.TrimEnd('.')}): name PEM files that this user can read.", fault);
        }
    }

    private static void AddAccess(WebApplicationBuilder builder, ServiceOptions options)
    {
        builder.Services.AddOptions<IdentityOptions>().BindConfiguration("Federation:Identity").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<IdentityOptions>, IdentityOptionsValidator>();
        if (builder.Configuration.GetSection("Federation:Identity").Get<IdentityOptions>() is not { OperatorToken: false })
        {
            builder.Services.AddSingleton(OperatorToken.Load(options.TokenFile));
        }

        builder.Services.AddSingleton<TokenIssuers>().AddSingleton<RevokedTokens>().AddSingleton<CallerTokens>();
        builder.Services.AddSingleton<ICallerTokens>(provider => provider.GetRequiredService<CallerTokens>());
        builder.Services.AddSingleton<RecentNames>().AddSingleton<RequestTargets>();
    }

    private static FederationDatabase OpenDatabase(ServiceOptions options)
    {
        try
        {
            return options.ReadConnectionString() is { } server ? new PostgresDatabase(server) : new SqliteDatabase(options.EmbeddedDatabase);
        }
        catch (ArgumentException fault)
        {
            throw new RefusedStartException(
                $"Setting Federation:{(options.DatabaseFile.Length > 0 ? "DatabaseFile" : "Database")} holds no connection string ({fault.Message.TrimEnd('.')}): "
                + "write one such as Host=db;Database=federation;Username=federation.",
                fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RefusedStartException(
                $"Setting Federation:DatabaseFile is '{options.DatabaseFile}', which cannot be read ({fault.Message.TrimEnd('.')}): name a file that user '{Environment.UserName}' can read.",
                fault);
        }
    }

    private static void AddParts(IServiceCollection services, ServiceOptions options, FederationDatabase database)
    {
        services.AddSingleton(TimeProvider.System);
        // By a factory, so that the container closes it.
        services.AddSingleton(_ => database);
        services.AddSingleton(provider => provider.GetRequiredService<FederationDatabase>().Traffic);
        services.AddSingleton(provider => provider.GetRequiredService<FederationDatabase>().Events);
        services.AddSingleton<IAuditLog>(provider => new CountedAuditLog(
            provider.GetRequiredService<FederationDatabase>().Audit, provider.GetRequiredService<ServiceMetrics>()));
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<EventRecorder>();
        services.AddSingleton<SolverPool>().AddSingleton<SiteViews>().AddSingleton<RelayBooks>().AddSingleton<LastKnownSites>().AddSingleton<ReevaluationCounts>().AddSingleton<SegmentCounts>();
        services.AddSingleton(new SimulatedHypervisorOptions
        {
            Directory = options.Hypervisor.Length > 0 ? options.Hypervisor : Path.Combine(options.Data, "hypervisor"),
            TimeScale = options.SimulatedTimeScale,
        });
        services.AddSingleton(provider => new SimulatedVmFiles(provider.GetRequiredService<SimulatedHypervisorOptions>().Directory));
        // Hosts are told through their agents; what is at sites without any is simulated.
        services.AddSingleton<SimulatedHypervisor>();
        services.AddSingleton<IHypervisor>(provider => new HostedHypervisor(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<SimulatedHypervisor>(), provider.GetRequiredService<ISecrets>(), TimeProvider.System));
        services.AddSingleton<ISecrets>(new FolderSecrets(options.SecretsFolder));
        services.AddSingleton<FileBodies>().AddSingleton<FileAnswers>();
        services.AddSingleton<WindowIngest>().AddSingleton<SensorBudgets>().AddSingleton<WaitingQuery>();
        services.AddSingleton<BatchIntake>().AddSingleton<BodyReceiver>().AddSingleton<BatchReader>();
        services.AddFederationSerialization();
        services.ConfigureHttpJsonOptions(json => DomainJson.Configure(json.SerializerOptions));
        services.AddExceptionHandler<FederationOutage>();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Problems.Complete);
        // So that what is wrong with a request is said as all else is: see Problems.HandleUnexpected.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddOpenApi();
        services.AddHealth();
    }

    private static void ConfigureSilo(ISiloBuilder silo, ServiceOptions options, FederationDatabase database)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("federation", "federation"));
        ClusterNetwork.Configure(silo, options);
        silo.UseSite(options.Site.Length > 0 ? new SiteId(options.Site) : null);
        silo.Services.AddSingleton<IActivationWorkingSetObserver, LeavingGrains>();
        // A front may wait for its turn and then use all of its time limit.
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromMinutes(3));
        silo.UseGrainAccess(new ServiceKey(ServiceSecret.ReadOrMake(database), TimeProvider.System));
        silo.AddActivityPropagation();
        silo.UseDashboard(options);
        silo.UseAdoNetClustering(ado => (ado.Invariant, ado.ConnectionString) = (database.OrleansInvariant, database.ConnectionString));
        silo.UseAdoNetReminderService(ado => (ado.Invariant, ado.ConnectionString) = (database.OrleansInvariant, database.ConnectionString));
        FailFastGrainStorage.AddTo(silo, GrainStateSerializer.StorageName, database.Place, ado =>
        {
            (ado.Invariant, ado.ConnectionString) = (database.OrleansInvariant, database.ConnectionString);
            ado.GrainStorageSerializer = new GrainStateSerializer();
        });
    }

    private static WebApplication WithApi(WebApplication app, ServiceOptions options)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = Problems.HandleUnexpected,
            SuppressDiagnosticsCallback = failed => Problems.IsSenders(failed.Exception),
        });
        app.UseStatusCodePages();
        app.UseSecurityHeaders();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseRequestTimeouts();
        app.UseMiddleware<EndedWaits>();
        app.UseMiddleware<AccessMiddleware>();
        if (options.Portal)
        {
            app.UsePortal();
            app.MapPortal();
        }

        app.MapOpenApi().AllowAnonymous();
        app.MapHealth();
        app.MapMetrics();
        app.MapDashboard(options);
        var v1 = app.MapGroup("/v1").AddEndpointFilter<RouteGroupBuilder, AuditedRefusals>().TakesBodiesOf(Limits.Request.JsonBytes);
        v1.MapSites();
        v1.MapApplications();
        v1.MapVms();
        v1.MapTraffic();
        v1.MapNetworks();
        v1.MapClients();
        v1.MapIngest();
        v1.MapPlans();
        v1.MapMigrations();
        v1.MapPlanJobs();
        v1.MapEvents();
        v1.MapSensors();
        v1.MapAgents();
        v1.MapHosts();
        v1.MapSiteAdvice();
        v1.MapConsoles();
        v1.MapRevocations();
        v1.MapAudit();
        v1.MapDoctor();
        if (options.Portal)
        {
            v1.MapPortalLinks();
        }

        return app;
    }

    [LoggerMessage(4040, LogLevel.Warning, "{Note}")]
    private static partial void LogClosed(ILogger log, string note);
}
