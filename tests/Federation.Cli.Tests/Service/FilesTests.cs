using System.Text.Json;
using Federation.Cli.Tests.Making;
using Federation.Files;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

/// <summary>Files of sites and applications on their way to the service and back.</summary>
public sealed class FilesTests
{
    private const string Applied = """
        {"application":"cg","revision":1,"version":"2.1","spec":{},"vms":[],
         "applied":{"did":"DID","warnings":[{"key":"vms[0].memory","value":"64GiB","problem":"is much","remedy":"write less"}]}}
        """;

    private const string Diff = """
        {"application":"cg","version":"2.1","changes":[{"key":"objective","before":"\"cost\"","after":"\"time\""}],"refused":[],"warnings":[]}
        """;

    [Fact]
    public async Task What_get_writes_as_YAML_is_a_file_that_apply_takes()
    {
        using var world = new SmallWorld();
        var (site, application) = (Spec(SiteFile.ToJson, SiteFile.Parse(await Text(Path.Combine(world.Sites, "grid.yaml")), "x").Value!),
            Spec(ApplicationFile.ToJson, ApplicationFile.Parse(await Text(world.Application()), "x").Value!));
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites/grid", $$"""{"site":"grid","revision":3,"spec":{{site}},"holds":[]}""").On("PUT /v1/sites/grid", Recorded.Site)
            .On("GET /v1/applications/cg", $$"""{"application":"cg","revision":1,"version":"2.1","spec":{{application}},"vms":[]}""").On("PUT /v1/applications/cg", Recorded.Application)
            .On("POST /v1/applications/cg/diff", """{"application":"cg","version":"2.1","changes":[],"refused":[],"warnings":[],"stops":[]}""");

        foreach (var (noun, name, key) in ((string, string, string)[])[("site", "grid", "site: grid"), ("app", "cg", "application: cg")])
        {
            var exported = await service.Run(noun, "get", name, "-o", "yaml");
            exported.Lines[0].ShouldBe(key);
            var applied = await service.Run(noun, "apply", "-f", world.Write($"{noun}.yaml", exported.Out));
            applied.Error.ShouldBeEmpty();
            applied.ExitCode.ShouldBe(ExitCode.Done);
        }
    }

    [Theory]
    [InlineData("unchanged")]
    [InlineData("configured")]
    [InlineData("created")]
    public async Task What_was_done_is_said_with_each_warning_at_its_line_and_the_exit_code_stays_0(string did)
    {
        using var world = new SmallWorld();
        await using var service = await RecordedService.Start();
        service.On("PUT /v1/applications/cg", Applied.Replace("DID", did, StringComparison.Ordinal));
        var file = world.Application();

        var run = await service.Run("app", "apply", "--yes", "-f", file);

        run.Out.ShouldBe($"application cg {did}, version 2.1\n");
        run.Error.ShouldBe($"{file}:5: warning: vms[0].memory: '64GiB' is much; write less\n");
        run.ExitCode.ShouldBe(ExitCode.Done);
        (await service.Run("app", "apply", "--yes", "-f", file, "-o", "json")).Json.GetProperty("applied").GetProperty("warnings").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Several_files_and_folders_and_standard_input_are_taken_in_one_command()
    {
        using var world = new SmallWorld();
        await using var service = await RecordedService.Start();
        string[] names = ["a", "b", "c"];
        var texts = names.Select(name => File.ReadAllText(world.Application()).Replace("application: cg", $"application: {name}", StringComparison.Ordinal)).ToList();
        foreach (var name in names)
        {
            service.On($"PUT /v1/applications/{name}", Recorded.Application);
        }

        world.Write("apps/b.yaml", texts[1]);
        var run = await service.RunAnswering(texts[2], "app", "apply", "--yes", "-f", world.Write("a.yaml", texts[0]), "-f", Path.GetDirectoryName(world.Write("apps/b.yaml", texts[1]))!, "-f", "-");

        run.Error.ShouldBeEmpty();
        service.Requests.Select(request => request.Line).ShouldBe(["PUT /v1/applications/a", "PUT /v1/applications/b", "PUT /v1/applications/c"]);
    }

    [Theory]
    [InlineData("app", "is described by")]
    [InlineData("site", "is described by")]
    public async Task Two_files_of_the_same_are_a_fault_and_nothing_is_sent(string noun, string problem)
    {
        using var world = new SmallWorld();
        await using var service = await RecordedService.Start();
        var file = noun == "app" ? world.Application() : Path.Combine(world.Sites, "grid.yaml");

        var run = await service.Run(noun, "apply", "-f", file, "-f", world.Write("again.yaml", await Text(file)));

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain($"again.yaml:1: {(noun == "app" ? "application: 'astro/cg'" : "site: 'grid'")} {problem} {file} already");
        service.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Standard_input_is_read_once()
    {
        await using var service = await RecordedService.Start();
        (await service.Run("site", "apply", "-f", "-", "-f", "-")).Error.ShouldBe("fedctl: -f -: standard input can be read once; name it once\n");
    }

    [Theory]
    [InlineData("diff")]
    [InlineData("apply --dry-run")]
    public async Task A_dry_run_asks_the_service_what_would_change_and_changes_nothing(string verb)
    {
        using var world = new SmallWorld();
        await using var service = await RecordedService.Start();
        service.On("POST /v1/applications/cg/diff", Diff, Diff.Replace("\"refused\":[]", "\"refused\":[\"vm1 runs elsewhere\"]", StringComparison.Ordinal),
            """{"application":"cg","version":"2.1","changes":[],"refused":[],"warnings":[]}""");
        string[] command = ["app", .. verb.Split(' '), "-f", world.Application()];

        var pending = await service.Run(command);
        pending.ExitCode.ShouldBe(ExitCode.Pending);
        pending.Lines.ShouldContain("objective  \"cost\"  \"time\"");
        var refused = await service.Run(command);
        refused.ExitCode.ShouldBe(ExitCode.Error);
        refused.Error.ShouldContain("would be refused: vm1 runs elsewhere");
        var nothing = await service.Run(command);
        (nothing.ExitCode, nothing.Out).ShouldBe((ExitCode.Done, "application cg: nothing changes\n"));
        service.Requests.ShouldAllBe(request => request.Line == "POST /v1/applications/cg/diff");
    }

    [Fact]
    public async Task A_site_has_the_same_diff_and_dry_run()
    {
        using var world = new SmallWorld();
        await using var service = await RecordedService.Start();
        service.On("POST /v1/sites/grid/diff",
            """{"site":"grid","revision":3,"changes":[{"key":"region","before":"\"x\"","after":null}],"affected":[],"refused":"its currency","warnings":[{"key":"links.cloud","value":null,"problem":"has no way back","remedy":"add one"}]}""");
        foreach (var verb in (string[][])[["diff"], ["apply", "--dry-run"]])
        {
            var run = await service.Run(["site", .. verb, "-f", Path.Combine(world.Sites, "grid.yaml")]);
            run.ExitCode.ShouldBe(ExitCode.Error);
            run.Error.ShouldContain("grid.yaml:7: warning: links.cloud: has no way back; add one");
            run.Error.ShouldContain("would be refused: its currency");
            run.Lines.ShouldContain("region  \"x\"     -");
        }

        service.Requests.ShouldAllBe(request => request.Line == "POST /v1/sites/grid/diff");
    }

    private static Task<string> Text(string path) => File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);

    private static string Spec<T>(Func<T, string> write, T model) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(write(model)));
}
