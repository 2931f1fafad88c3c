using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Federation.Yaml;

/// <summary>Writes JSON of the files' shape: the same model gives the same bytes.</summary>
public static class JsonText
{
    // Not for HTML: a '+' or an umlaut stays readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a writer writes, without insignificant space.</summary>
    public static string Of<T>(T model, Action<Utf8JsonWriter, T> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            write(json, model);
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>Writes a list.</summary>
    public static void WriteList<T>(this Utf8JsonWriter json, string key, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(key);
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a list that the file can leave out.</summary>
    public static void WriteListUnlessEmpty<T>(
        this Utf8JsonWriter json, string key, IReadOnlyCollection<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count > 0)
        {
            json.WriteList(key, items, write);
        }
    }

    /// <summary>Writes a number that the file can leave out.</summary>
    public static void WriteUnlessNull(this Utf8JsonWriter json, string key, int? number) =>
        json.WriteUnlessNull(key, (decimal?)number);

    /// <summary>Writes a number that the file can leave out.</summary>
    public static void WriteUnlessNull(this Utf8JsonWriter json, string key, decimal? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(key, value);
        }
    }

    /// <summary>Writes a number that the file can leave out, so that it reads back exactly.</summary>
    public static void WriteUnlessNull(this Utf8JsonWriter json, string key, double? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(key, value);
        }
    }

    /// <summary>Writes a text that the file can leave out.</summary>
    public static void WriteUnlessNull(this Utf8JsonWriter json, string key, string? text)
    {
        if (text is not null)
        {
            json.WriteString(key, text);
        }
    }
}
