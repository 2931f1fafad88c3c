using Federation.Cli.Tests.Making;
using Federation.Files;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class EditTests : IAsyncLifetime
{
    private readonly SmallWorld world = new();
    private RecordedService service = null!;

    public async ValueTask InitializeAsync()
    {
        service = await RecordedService.Start();
        var application = ApplicationFile.ToJson(ApplicationFile.Parse(await File.ReadAllTextAsync(world.Application(), Cancel), "x").Value!);
        var site = SiteFile.ToJson(SiteFile.Parse(await File.ReadAllTextAsync(Path.Combine(world.Sites, "grid.yaml"), Cancel), "x").Value!);
        service.On("GET /v1/applications/cg", $$"""{"application":"cg","revision":1,"version":"2.1","spec":{{application}},"vms":[]}""").On("PUT /v1/applications/cg", Recorded.Application)
            .On("GET /v1/sites/grid", $$"""{"site":"grid","revision":3,"spec":{{site}},"holds":[]}""").On("PUT /v1/sites/grid", Recorded.Site);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        world.Dispose();
    }

    [Theory]
    [InlineData("app", "cg", "true")]
    [InlineData("site", "grid", "true")]
    [InlineData("app", "cg", "truncate -s 0")]
    [InlineData("app", "cg", "sed -i '1i # a remark'")]
    public async Task If_nothing_was_edited_nothing_is_changed(string noun, string name, string editor)
    {
        var run = await Edit(editor, noun, name);
        (run.ExitCode, run.Out, run.Error).ShouldBe((ExitCode.Done, "", "fedctl: nothing was edited; nothing was changed\n"));
        service.Requests.ShouldAllBe(request => request.Line.StartsWith("GET", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("app", "cg", "sed -i 's/objective: cost/objective: time/'", "objective: time", "application cg configured, version 2.1\n", "\"2.1\"")]
    [InlineData("site", "grid", "sed -i 's/available: 4/available: 5/'", "\"available\":5", "site rennes configured, revision 3\n", "\"3\"")]
    public async Task What_was_edited_is_put_into_force_in_place_of_what_was_read(string noun, string name, string editor, string sent, string said, string instead)
    {
        var run = await Edit(editor, noun, name);
        (run.ExitCode, run.Out, run.Error).ShouldBe((ExitCode.Done, said, ""));
        service.Requests[^1].Body.ShouldContain(sent);
        service.Requests[^1].IfMatch.ShouldBe(instead);
    }

    [Fact]
    public async Task Faults_are_written_above_the_text_with_its_lines_and_the_editor_opens_again()
    {
        // The first time it breaks a value; the second time it keeps what it sees and mends it.
        var seen = world.Write("seen", "");
        var editor = world.Write("editor", $"""
            if grep -q 'objective: fame' "$1"; then cp "$1" {seen}; sed -i 's/objective: fame/objective: time/' "$1"; else sed -i 's/objective: cost/objective: fame/' "$1"; fi
            """);

        var run = await Edit($"sh {editor}", "app", "cg");

        run.ExitCode.ShouldBe(ExitCode.Done, run.Error);
        var lines = await File.ReadAllLinesAsync(seen, Cancel);
        var line = Array.FindIndex(lines, text => text.StartsWith("objective: fame", StringComparison.Ordinal)) + 1;
        lines.ShouldContain($"# line:{line}: objective: 'fame' is not one of cost, time, utilization; write one of these");
        lines.ShouldContain("# 1 fault, nothing was changed yet:");
        service.Requests[^1].Body.ShouldContain("objective: time");
        service.Requests[^1].Body.ShouldNotContain("fault");
    }

    [Fact]
    public async Task Faults_that_stay_end_it_and_what_was_written_is_kept()
    {
        var run = await Edit("sed -i 's/objective: cost/objective: fame/'", "app", "cg");
        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain("objective: 'fame'");
        run.Error.ShouldContain("The faults are still there; nothing was changed");
        var kept = run.Error.Trim().Split(' ')[^1];
        (await File.ReadAllTextAsync(kept, Cancel)).ShouldContain("objective: fame");
        Directory.Delete(Path.GetDirectoryName(kept)!, recursive: true);
        service.Requests.ShouldAllBe(request => request.Line.StartsWith("GET", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("exit 3; echo", "ended with exit code 3; nothing was changed")]
    [InlineData("/nonexistent/editor", "ended with exit code 127; nothing was changed")]
    public async Task An_editor_that_fails_changes_nothing(string editor, string said)
    {
        var run = await Edit(editor, "app", "cg");
        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain(said);
        service.Requests.ShouldAllBe(request => request.Line.StartsWith("GET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_is_not_edited_away()
    {
        var run = await Edit("sed -i 's/application: cg/application: ch/'", "app", "cg");
        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain("is not astro/cg, which is edited");
        Directory.Delete(Path.GetDirectoryName(run.Error.Trim().Split(' ')[^1])!, recursive: true);
    }

    private Task<CommandRun> Edit(string editor, string noun, string name) => CommandRun.With(
        new() { ["FEDCTL_SERVER"] = service.Address, ["FEDCTL_TOKEN"] = "s3cret", ["EDITOR"] = editor }, [noun, "edit", name, .. noun == "app" ? (string[])["--yes"] : []]);
}
