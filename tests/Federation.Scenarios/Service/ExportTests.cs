using System.Diagnostics;
using System.Reflection;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Service;

/// <summary>fedctl as a user runs it, against a service as an operator starts it: what is exported can be applied, edited and compared.</summary>
public sealed class ExportTests : IDisposable
{
    private static readonly string Fedctl = Path.GetFullPath(typeof(ExportTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Fedctl").Value!);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-export-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task What_a_service_exports_it_takes_back_as_unchanged_and_another_service_takes_as_new()
    {
        await using var service = await ServiceProcess.Start("--Federation:SimulatedTimeScale=0");
        await Run(service, "site", "apply", "-f", Write("cheap.yaml", Site("cheap", "dear", "0.10")), "-f", Write("dear.yaml", Site("dear", "cheap", "0.20")));
        await Run(service, "app", "apply", "-f", Write("cg.yaml", "application: cg\ntenant: astro\nobjective: cost\nremaining: 2h\nvms: { count: 2, vcpus: 2, memory: 4GiB }\n"));
        await Run(service, "plan", "cg");
        await Run(service, "apply", "cg.1.1", "--yes");
        foreach (var (noun, name) in ((string, string)[])[("site", "cheap"), ("site", "dear"), ("app", "cg")])
        {
            var file = Write($"{noun}-{name}.yaml", (await Run(service, noun, "get", name, "-o", "yaml")).Out);
            (await Run(service, noun, "apply", "-f", file)).Out.ShouldContain($" {name} unchanged, ");
            (await Run(service, noun, "diff", "-f", file)).Out.ShouldContain("nothing changes");
        }

        var application = File.ReadAllText(Path.Combine(folder.FullName, "app-cg.yaml"));
        application.ShouldContain("site: cheap");
        var changed = Write("changed.yaml", application.Replace("remaining: 2h", "remaining: 4h", StringComparison.Ordinal));
        var dry = await Run(service, "app", "apply", "-f", changed, "--dry-run");
        (dry.Code, dry.Out.Contains("remaining  \"2h\"    \"4h\"", StringComparison.Ordinal)).ShouldBe((2, true), dry.Out);
        (await Run(service, "app", "apply", "-f", changed)).Out.ShouldContain("cg configured, version 1.2");
        (await Run(service, "app", "edit", "cg")).Error.ShouldContain("nothing was edited");

        await using var other = await ServiceProcess.Start("--Federation:SimulatedTimeScale=0");
        (await Run(other, "site", "apply", "-f", Path.Combine(folder.FullName, "site-cheap.yaml"), "-f", Path.Combine(folder.FullName, "site-dear.yaml"))).Out
            .ShouldBe("site cheap created, revision 1\nsite dear created, revision 1\n");
        (await Run(other, "app", "apply", "-f", changed)).Out.ShouldContain("cg created, version 1.1");
    }

    private static string Site(string name, string other, string price) => $$"""
        site: {{name}}
        kind: cloud
        offers: [{ name: std, vcpus: 2, memory: 4GiB, available: 8, price: {{price}} }]
        network: { latency: 0.1ms, bandwidth: 10Gbps, internetEgressPerGB: 0.09 }
        links: { {{other}}: { latency: 10ms, bandwidth: 5Gbps, egressPerGB: 0.02 } }
        """;

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static async Task<(int Code, string Out, string Error)> Run(ServiceProcess service, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Fedctl, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["FEDCTL_SERVER"] = service.Http.BaseAddress!.ToString();
        start.Environment["FEDCTL_TOKEN"] = service.Token;
        start.Environment["FEDCTL_CONTEXT"] = "/nonexistent/context.json";
        start.Environment["EDITOR"] = "true";
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        var run = (process.ExitCode, await said, await complained);
        run.ExitCode.ShouldBeOneOf([0, 2], run.Item3);
        return run;
    }
}
