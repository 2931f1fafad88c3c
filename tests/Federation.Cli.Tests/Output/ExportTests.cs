using System.Text.Json;
using CsCheck;
using Federation.Files;
using Federation.Testing;
using Federation.Yaml;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Output;

/// <summary>What is exported can be applied: read, written and read again, a file says the same, to the last bit.</summary>
public sealed class ExportTests
{
    [Fact]
    public void Any_site_that_is_written_as_YAML_is_read_as_the_same() => AnyFiles.Site.Sample(site =>
    {
        var json = SiteFile.ToJson(site);
        var read = SiteFile.Parse(Exported(json), "x.yaml");
        read.Faults.ShouldBeEmpty();
        SiteFile.ToJson(read.Value!).ShouldBe(json);
    });

    [Fact]
    public void Any_application_that_is_written_as_YAML_is_read_as_the_same() => AnyFiles.Application.Sample(application =>
    {
        var json = ApplicationFile.ToJson(application);
        var read = ApplicationFile.Parse(Exported(json), "x.yaml");
        read.Faults.ShouldBeEmpty();
        ApplicationFile.ToJson(read.Value!).ShouldBe(json);
    });

    [Fact]
    public void Any_site_or_application_says_the_same_when_a_file_of_JSON_is_read() => Gen.Select(AnyFiles.Site, AnyFiles.Application).Sample((site, application) =>
    {
        SiteFile.ToJson(SiteFile.Parse(SiteFile.ToJson(site), "x").Value!).ShouldBe(SiteFile.ToJson(site));
        ApplicationFile.ToJson(ApplicationFile.Parse(ApplicationFile.ToJson(application), "x").Value!).ShouldBe(ApplicationFile.ToJson(application));
    });

    private static string Exported(string json) => YamlText.Of(JsonSerializer.Deserialize<JsonElement>(json));
}
