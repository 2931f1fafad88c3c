namespace Federation.Cli.Output;

/// <summary>How a result is printed.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>For people and programs.</summary>
    Yaml,
}

/// <summary>The names of the formats on the command line.</summary>
internal static class Formats
{
    /// <summary>The format of a name; null if there is none.</summary>
    public static OutputFormat? Read(string name) => name switch
    {
        "table" => OutputFormat.Table,
        "json" => OutputFormat.Json,
        "yaml" => OutputFormat.Yaml,
        _ => null,
    };
}
