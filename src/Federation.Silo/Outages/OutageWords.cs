namespace Federation.Silo.Outages;

/// <summary>What is said of each <see cref="OutageKind"/>: by the API, and by health.</summary>
/// <param name="Type">The problem's type (RFC 9457): the same for ever, for programs.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What kind of trouble.</param>
/// <param name="Detail">What it is and what to do about it, without its end.</param>
/// <param name="Delay">When to come again.</param>
internal sealed record OutageWords(string Type, int Status, string Title, string Detail, TimeSpan Delay)
{
    private static readonly OutageWords Silo = new(
        "urn:federation:problem:silo-away", StatusCodes.Status503ServiceUnavailable, "Taking over",
        "a silo has gone away, another one takes over what it hosted", TimeSpan.FromSeconds(1));

    private static readonly OutageWords Database = new(
        "urn:federation:problem:database-away", StatusCodes.Status503ServiceUnavailable, "Database away",
        "the database is away", TimeSpan.FromSeconds(2));

    private static readonly OutageWords Connections = new(
        "urn:federation:problem:database-connections", StatusCodes.Status503ServiceUnavailable, "Database takes no more connections",
        "the database takes no more connections; raise its max_connections, or lower Maximum Pool Size in the silos' connection string",
        TimeSpan.FromSeconds(2));

    private static readonly OutageWords Disk = new(
        "urn:federation:problem:disk-full", StatusCodes.Status507InsufficientStorage, "Disk full",
        "the database's disk is full or cannot be written; make room on it, or make it writable", TimeSpan.FromSeconds(10));

    private static readonly OutageWords Time = new(
        "urn:federation:problem:took-too-long", StatusCodes.Status504GatewayTimeout, "Took too long",
        "this took longer than the service waits for it", TimeSpan.FromSeconds(5));

    /// <summary>The words of a kind.</summary>
    public static OutageWords Of(OutageKind kind) => kind switch
    {
        OutageKind.Silo => Silo,
        OutageKind.Connections => Connections,
        OutageKind.Disk => Disk,
        OutageKind.Time => Time,
        _ => Database,
    };
}
