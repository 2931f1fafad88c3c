using System.Text.Json;
using CsCheck;
using Federation.Yaml;
using Shouldly;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Federation.Cli.Tests.Output;

public sealed class YamlTextTests
{
    [Fact]
    public void Documents_are_in_block_style_with_keys_in_their_order() =>
        Of("""{"b":"text","a":[1,2.5,{"x":true,"z":null}],"empty":[],"none":{}}""").ShouldBe(
            "b: text\na:\n- 1\n- 2.5\n- x: true\n  z: null\nempty: []\nnone: {}\n");

    [Theory]
    [InlineData("1.0")]
    [InlineData("true")]
    [InlineData("No")]
    [InlineData("null")]
    [InlineData("2026-11-23T18:00:00Z")]
    [InlineData("")]
    [InlineData("a: b")]
    [InlineData("- x")]
    [InlineData("20:00")]
    [InlineData("52:54:00:00:00:01")]
    [InlineData("1e3")]
    [InlineData("0x1F")]
    public void Text_that_could_be_something_else_is_quoted(string text) =>
        Of($"[{JsonSerializer.Serialize(text)}]").ShouldBe($"- {JsonSerializer.Serialize(text)}\n");

    [Theory]
    [InlineData("16GiB")]
    [InlineData("0.1ms")]
    [InlineData("2h")]
    [InlineData("2.5Gbps")]
    [InlineData("20MB/s")]
    public void A_quantity_stands_as_people_write_it(string text) => Of($"[{JsonSerializer.Serialize(text)}]").ShouldBe($"- {text}\n");

    [Fact]
    public void Any_text_reads_back() => Gen.String[Gen.Char[' ', 'ÿ'], 0, 40].Sample(text =>
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Of(JsonSerializer.Serialize(new Dictionary<string, string> { ["key"] = text }))));

        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        ((YamlScalarNode)root.Children[new YamlScalarNode("key")]).Value.ShouldBe(text);
    });

    private static string Of(string json) => YamlText.Of(JsonSerializer.Deserialize<JsonElement>(json));
}
