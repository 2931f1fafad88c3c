using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Federation.Yaml;

/// <summary>Writes a JSON document as YAML in block style, keys in the document's order.</summary>
public static partial class YamlText
{
    private static readonly HashSet<string> OtherMeanings = new(StringComparer.OrdinalIgnoreCase)
    {
        "null", "true", "false", "yes", "no", "on", "off", "y", "n",
    };

    /// <summary>The text, with a line break at its end.</summary>
    public static string Of(JsonElement document)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Write(emitter, document);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Write(Emitter emitter, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteMapping(emitter, value);
                break;
            case JsonValueKind.Array:
                WriteSequence(emitter, value);
                break;
            case JsonValueKind.String:
                WriteText(emitter, value.GetString()!);
                break;
            default:
                emitter.Emit(new Scalar(value.ValueKind == JsonValueKind.Null ? "null" : value.GetRawText()));
                break;
        }
    }

    private static void WriteMapping(Emitter emitter, JsonElement value)
    {
        var isEmpty = !value.EnumerateObject().Any();
        emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, true, isEmpty ? MappingStyle.Flow : MappingStyle.Block));
        foreach (var member in value.EnumerateObject())
        {
            WriteText(emitter, member.Name);
            Write(emitter, member.Value);
        }

        emitter.Emit(new MappingEnd());
    }

    private static void WriteSequence(Emitter emitter, JsonElement value)
    {
        var style = value.GetArrayLength() == 0 ? SequenceStyle.Flow : SequenceStyle.Block;
        emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, true, style));
        foreach (var item in value.EnumerateArray())
        {
            Write(emitter, item);
        }

        emitter.Emit(new SequenceEnd());
    }

    // Text that another YAML reader could take for a number, a time or a truth value is quoted; quantities stand as people write them.
    private static void WriteText(Emitter emitter, string text)
    {
        var style = (Plain().IsMatch(text) && !OtherMeanings.Contains(text)) || Quantity().IsMatch(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted;
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, true, true));
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_./-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?([num]?s|[mhd]|[kMGT]?bps|([kMGT]?B|[KMGT]iB)(/s)?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Quantity();
}
