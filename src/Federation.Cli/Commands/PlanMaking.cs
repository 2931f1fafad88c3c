using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using System.Text.Json;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Offline;
using Federation.Cli.Output;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Estimation;
using Federation.Domain.Json;
using Federation.Domain.Plans;
using Federation.Planning;
using Federation.Yaml.Scalars;

namespace Federation.Cli.Commands;

/// <summary>Makes a plan: from files, or at the service.</summary>
internal sealed class PlanMaking
{
    private readonly Argument<string?> application = new("APP")
    {
        Description = "The application's name at the service; left out with --offline", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> offline = new("--offline") { Description = "Plan from files, without a service" };
    private readonly Option<string?> sites = new("--sites") { Description = "Offline: the folder of the site files", HelpName = "DIR" };
    private readonly Option<string?> file = new("--app") { Description = "Offline: the application file", HelpName = "FILE" };

    private readonly Option<string?> traffic = new("--traffic")
    {
        Description = "Offline: the application's traffic, source,destination,packets,bytes by addresses. Left out: none is known, as before the first placement",
        HelpName = "CSV",
    };

    private readonly Option<TimeSpan?> period = Values.Duration("--period", "Offline: how long that traffic was counted");
    private readonly Option<DateTimeOffset?> at = Values.Instant("--at", "Offline: the moment to plan for, ISO 8601 with a zone. Default now");
    private readonly Option<WhatIf[]> whatIf = Values.Many(
        "--what-if", "CHANGE", "A change to try: close=SITE, price=SITE*2, objective=time, margin=0.2 or deadline=2h; may be given several times. Makes no plan that is kept", WhatIfType.Type);

    private readonly Option<int?> windows = Values.Count("--windows", "At the service: over how many of the newest windows the traffic is averaged");
    private readonly Option<string?> solver = Shared.Word("--solver", "How the placement is looked for. Default auto", [.. Solvers.Names]);
    private readonly Option<int?> seed = Values.Seed("Where the search's chance comes from. Default 0");
    private readonly Option<TimeSpan?> limit = Values.Duration("--time-limit", "How long the solver may look. Default 10s");

    private readonly Option<bool> detach = new("--detach")
    {
        Description = "At the service: do not wait for the plan; print its name, for 'fedctl plan wait'",
    };

    private readonly Option<bool> pareto = new("--pareto")
    {
        Description = "Show placements from the cheapest to the quickest instead; makes no plan",
    };

    private readonly Option<int?> points = Values.Count(
        "--points", "With --pareto: how many at most, 2 to 20. Default 5", ParetoFront.FewestPoints, ParetoFront.MostPoints);

    private readonly ServiceOptions service = new();

    /// <summary>Its argument and options, in the order in which the help lists them.</summary>
    public Symbol[] All =>
        [application, offline, sites, file, traffic, period, at, whatIf, windows, solver, seed, limit, detach, pareto, points, .. service.All];

    /// <summary>Makes the plan, prints it, and gives the exit code that says what it decides.</summary>
    public async Task<int> Run(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        if (!parse.GetValue(pareto))
        {
            Refuse(parse, "only with --pareto", points);
        }

        if (parse.GetValue(offline))
        {
            return RunOffline(parse, terminal, cancel);
        }

        Refuse(parse, "only with --offline", sites, file, traffic, period, at);
        var name = parse.GetValue(application) ?? throw new CommandFailure(
            "which application? Write 'fedctl plan APP', or 'fedctl plan --offline --sites DIR --app FILE --traffic CSV --period 30s'");
        using var call = service.Open(parse, terminal, cancel);
        if (parse.GetValue(pareto))
        {
            RefuseDetach(parse, "only without --pareto");
            var front = (await Ask(call, Route.To("applications", name, "pareto").With("points", parse.GetValue(points)), SpanOf(parse))).Document;
            call.Show<ParetoDocument>(front, ParetoPages.Compare);
            return ExitCodeOf(call.Read<ParetoDocument>(front));
        }

        if (Changes(parse) is { IsEmpty: false } changes)
        {
            RefuseDetach(parse, "only without --what-if");
            var tried = (await Ask(call, Route.To("applications", name, "what-if"), RequestOf(parse) with { WhatIf = changes }, SpanOf(parse))).Document;
            call.Show<PlanDocument>(tried, PlanPages.Describe);
            return PlanCommands.ExitCodeOf(call.Read<PlanDocument>(tried).Decision);
        }

        return parse.GetValue(detach) ? await Detach(call, name) : PlanCommands.Conclude(call, await Make(call, name, RequestOf(parse)));
    }

    /// <summary>Has a plan made at the service, and says how far it is while that takes. Ctrl-C cancels it.</summary>
    public static async Task<JsonElement> Make(ServiceCall call, string name, PlanRequest request)
    {
        // Most plans are made within a second: then there is nothing to watch.
        var answer = await Ask(call, Route.To("applications", name, "plans").With("wait", 1), request, TimeSpan.Zero);
        return answer.Status == HttpStatusCode.Accepted
            ? await new PlanProgress(call, NameOf(name, call.Read<PlanJobDocument>(answer.Document).Id)).WatchOrCancel()
            : answer.Document;
    }

    private async Task<int> Detach(ServiceCall call, string name)
    {
        var answer = await Ask(call, Route.To("applications", name, "plans").With("wait", 0), TimeSpan.Zero);
        var plan = answer.Document.GetProperty("id").GetString()!;
        return call.Show<object>(answer.Document, _ => new Page().Line(NameOf(name, plan)));
    }

    /// <summary>A plan's name; whoever names the tenant with the application needs it with the plan.</summary>
    public static string NameOf(string application, string plan) => $"{application[..(application.IndexOf('/', StringComparison.Ordinal) + 1)]}{plan}";

    private Task<ServiceAnswer> Ask(ServiceCall call, Route route, TimeSpan wait) => Ask(call, route, RequestOf(call.Parse), wait);

    private static Task<ServiceAnswer> Ask(ServiceCall call, Route route, PlanRequest request, TimeSpan wait) =>
        call.Client.Post(route, JsonSerializer.Serialize(request, DomainJson.Options), call.Cancel, wait);

    private PlanRequest RequestOf(ParseResult parse) =>
        new(parse.GetValue(windows), parse.GetValue(solver), parse.GetValue(seed), parse.GetValue(limit)?.TotalSeconds);

    private TimeSpan SpanOf(ParseResult parse) => parse.GetValue(limit) ?? TimeSpan.Zero;

    private int RunOffline(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        if (parse.GetValue(application) is { } name)
        {
            throw new CommandFailure($"'{name}': with --offline the application is given by --app FILE");
        }

        Refuse(parse, "not with --offline", windows);
        RefuseDetach(parse, "only without --offline");
        var inputs = InputsOf(parse);
        if (!inputs.Read(parse.GetValue(at) ?? terminal.Clock.GetUtcNow()).TryGet(terminal.Error, out var read))
        {
            return ExitCode.Error;
        }

        var (view, leftOut) = read!;
        var changes = Changes(parse);
        var (tried, lost) = WhatIf.In(view, changes);
        view = tried ?? throw new CommandFailure($"--what-if: the federation has no site {lost!.Arguments.Site}; {Nearest.Advice($"{lost.Arguments.Site}", view.Sites.Select(site => site.Id.Value))}");
        if (leftOut.Text(inputs.Traffic?.File ?? "", view.Application.Id) is { } left)
        {
            terminal.Error.WriteLine(left);
        }

        var by = Solvers.Named(parse.GetValue(solver) ?? Solvers.Auto)!;
        var printer = new Printer(terminal, service.Format(parse));
        if (parse.GetValue(pareto))
        {
            var front = ParetoDocument.Of(ParetoFront.Of(view, by, OptionsOf(parse), parse.GetValue(points) ?? ParetoFront.DefaultPoints, cancel));
            printer.Print(front, () => ParetoPages.Compare(front));
            return ExitCodeOf(front);
        }

        var plan = PlanDocument.Of(Planner.Plan(view, by, OptionsOf(parse), cancel)) with { WhatIf = [.. changes.Select(change => change.Text)] };
        printer.Print(OfflinePlan.ToJson(plan, leftOut), () => PlanPages.Describe(plan));
        return PlanCommands.ExitCodeOf(plan.Decision);
    }

    private ImmutableArray<WhatIf> Changes(ParseResult parse) => [.. parse.GetValue(whatIf) ?? []];

    private OfflineInputs InputsOf(ParseResult parse)
    {
        var isWithout = parse.GetResult(traffic) is null && parse.GetResult(period) is null;
        Option[] needed = isWithout ? [sites, file] : [sites, file, traffic, period];
        var missing = needed.Where(option => parse.GetResult(option) is null).ToArray();
        var names = string.Join(", ", missing.Select(option => $"{option.Name} {option.HelpName}"));
        return missing.Length > 0
            ? throw new CommandFailure($"plan --offline needs {names}")
            : new(parse.GetValue(sites)!, parse.GetValue(file)!, isWithout ? null : (parse.GetValue(traffic)!, parse.GetValue(period)!.Value));
    }

    private SolverOptions OptionsOf(ParseResult parse)
    {
        var options = new SolverOptions();
        return options with { Seed = parse.GetValue(seed) ?? options.Seed, TimeLimit = parse.GetValue(limit) ?? options.TimeLimit };
    }

    private static int ExitCodeOf(ParetoDocument front) => front.Points.IsEmpty ? ExitCode.Infeasible : ExitCode.Done;

    // A switch that is left out has a result as well.
    private void RefuseDetach(ParseResult parse, string when)
    {
        if (parse.GetValue(detach))
        {
            throw new CommandFailure($"{detach.Name} can be given {when}");
        }
    }

    private static void Refuse(ParseResult parse, string when, params Option[] options)
    {
        if (options.FirstOrDefault(option => parse.GetResult(option) is not null) is { } given)
        {
            throw new CommandFailure($"{given.Name} can be given {when}");
        }
    }
}
