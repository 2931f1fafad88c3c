using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using Federation.Portal.Sessions;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Settings;

/// <summary>What an operator can set, in the configuration section <c>Federation</c>.</summary>
public sealed class ServiceOptions : IValidatableObject
{
    private static readonly string[] Secrets = ["Password", "Pwd"];

    /// <summary>The folder of everything that has to outlive the service: database, token, simulated hypervisor. Default <c>data</c>.</summary>
    [Required]
    public string Data { get; set; } = "data";

    /// <summary>The site at which this silo runs, whose grains live here. Default empty: the embedded service, alone, which serves every site.</summary>
    [RegularExpression("[^/ ]*")]
    public string Site { get; set; } = "";

    /// <summary>The IP address at which other silos reach this one, and at which it listens. Default 127.0.0.1.</summary>
    [RegularExpression(@"[0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port by which silos talk to each other. Default 11111.</summary>
    [Range(1, 65535)]
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port at which programs that use Orleans themselves find the cluster. Default 0: none; the HTTP API needs none.</summary>
    [Range(0, 65535)]
    public int GatewayPort { get; set; }

    /// <summary>How quickly silos take each other for dead: lan within one data centre, wan between several. Default lan.</summary>
    public NetworkKind Network { get; set; }

    /// <summary>The folder of the simulated hypervisor; silos that share it see the same VMs. Default empty: one in <see cref="Data"/>.</summary>
    public string Hypervisor { get; set; } = "";

    /// <summary>The folder of tenants' secrets, a file <c>TENANT/NAME</c> each, for VMs' user data. Default empty: there are none.</summary>
    public string SecretsFolder { get; set; } = "";

    /// <summary>The largest body that the API takes, bytes. Default 8 MiB.</summary>
    [Range(1024, 1L << 30)]
    public long MaxBodyBytes { get; set; } = 8L << 20;

    /// <summary>How many windows of 30 s a report may be ahead of the service's clock: it waits aside until the clock is there; further ahead it is refused. Default 2,880: a day.</summary>
    [Range(0, 20_160)]
    public int WindowsAhead { get; set; } = 2_880;

    /// <summary>The largest batch of windows, unpacked, bytes; one beyond is refused (413). Default 16 MiB.</summary>
    [Range(1024, 1L << 30)]
    public long MaxBatchBytes { get; set; } = 16L << 20;

    /// <summary>Batches that have come and are parsed and stored at once; others wait up to 10 s for their turn. Default 8.</summary>
    [Range(1, 1000)]
    public int BatchesAtOnce { get; set; } = 8;

    /// <summary>Bodies of windows that one sensor may have under way at once, from the first byte to the answer; others of its own wait up to 10 s (429). Default 4.</summary>
    /// <remarks>Who is no sensor, such as an operator who replays captures, may have <see cref="BatchesAtOnce"/>.</remarks>
    [Range(1, 1000)]
    public int SensorBodiesAtOnce { get; set; } = 4;

    /// <summary>What bodies of windows that are under way may hold together, bytes (503); at least three times <see cref="MaxBodyBytes"/>. Default 128 MiB.</summary>
    [Range(2048, 1L << 40)]
    public long MaxBodiesBytes { get; set; } = 128L << 20;

    /// <summary>How long a whole body of windows may take to come, seconds (408). Default 30.</summary>
    [Range(1, 3600)]
    public int BodySeconds { get; set; } = 30;

    /// <summary>How fast a body of windows has to come on average once 5 s have passed, bytes a second (408). Default 1,024.</summary>
    [Range(1, 1e9)]
    public double LeastBodyBytesPerSecond { get; set; } = 1024;

    /// <summary>Windows a second that one sensor may send in the long run; more is refused for a while (429). Default 1,000.</summary>
    [Range(0.1, 1e6)]
    public double SensorWindowsPerSecond { get; set; } = 1_000;

    /// <summary>Windows that one sensor may send at once after a rest. Default 20,000: eight hours of 20 VMs.</summary>
    [Range(1, 10_000_000)]
    public int SensorBurstWindows { get; set; } = 20_000;

    /// <summary>How long a simulated migration takes, as a share of what was estimated. Default 0.02: fifty times as fast.</summary>
    [Range(0.0, 100.0)]
    public double SimulatedTimeScale { get; set; } = 0.02;

    /// <summary>Whether Orleans' dashboard is there, for auditors and administrators of the federation; the same on every silo. Default false.</summary>
    public bool Dashboard { get; set; }

    /// <summary>Whether the portal is there, below <c>/portal</c>: pages for everybody who has a token. Default false.</summary>
    public bool Portal { get; set; }

    /// <summary>The issuer at which people sign in to the portal, one of <c>Identity:Issuers</c>, which says how its claims are called. Default: none.</summary>
    public IssuerSignIn PortalSignIn { get; set; } = new();

    /// <summary>
    /// The connection string of a PostgreSQL database, as Npgsql reads it. Default empty: an embedded SQLite file in <see cref="Data"/>.
    /// </summary>
    public string Database { get; set; } = "";

    /// <summary>A file that holds the connection string, for one with a password in it; wins over <see cref="Database"/>. Default empty: none.</summary>
    public string DatabaseFile { get; set; } = "";

    /// <summary>What the bodies of one sender may hold together, bytes: one of the largest, while it is copied into larger memory.</summary>
    public long BytesOfOneSender => 3 * MaxBodyBytes;

    /// <summary>The embedded database's file.</summary>
    public string EmbeddedDatabase => Path.Combine(Data, "federation.db");

    /// <summary>The file that holds the API's token.</summary>
    public string TokenFile => Path.Combine(Data, "token");

    /// <summary>The file that holds the built-in issuer's signing key, unless the settings of <c>Federation:Identity</c> name another.</summary>
    public string IssuerKeyFile => Path.Combine(Data, "issuer.key");

    /// <summary>The connection string of the PostgreSQL database; null: the embedded one is used.</summary>
    /// <exception cref="InvalidDataException"><see cref="DatabaseFile"/> is empty, or <see cref="Database"/> holds a password.</exception>
    public string? ReadConnectionString()
    {
        if (DatabaseFile.Length == 0)
        {
            return string.IsNullOrWhiteSpace(Database) ? null : WithoutPassword(Database);
        }

        var text = File.ReadAllText(DatabaseFile).Trim();
        return text.Length > 0
            ? text
            : throw new InvalidDataException($"{DatabaseFile} is empty: a connection string such as Host=db;Database=federation is wanted");
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PortalSignIn.Fault is { } fault)
        {
            yield return new($"PortalSignIn: {fault}", [nameof(PortalSignIn)]);
        }

        if (MaxBodiesBytes < BytesOfOneSender)
        {
            yield return new(
                $"MaxBodiesBytes is {MaxBodiesBytes}: no body of MaxBodyBytes ({MaxBodyBytes}) could be received; it has to be at least {BytesOfOneSender}", [nameof(MaxBodiesBytes)]);
        }
    }

    // Settings are shown by tools and read by others on the command line.
    private static string WithoutPassword(string text)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = text };
        return Secrets.Any(parts.ContainsKey)
            ? throw new InvalidDataException("Federation:Database holds a password: write the connection string into a file, and name that in Federation:DatabaseFile")
            : text;
    }
}

/// <summary>What lies between the silos.</summary>
public enum NetworkKind
{
    /// <summary>One data centre: a round trip takes far less than a second, and an answer that does not come means a silo that is gone.</summary>
    Lan,

    /// <summary>Several data centres: a line may be slow or silent for some seconds without anybody being gone.</summary>
    Wan,
}

/// <summary>Checks the options by their attributes.</summary>
[OptionsValidator]
public sealed partial class ServiceOptionsValidator : IValidateOptions<ServiceOptions>;
