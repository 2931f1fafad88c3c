using System.ComponentModel.DataAnnotations;

namespace Federation.Sensor.Posting;

/// <summary>Where windows are posted to, and how patiently.</summary>
public sealed class WindowPosterOptions : IValidatableObject
{
    /// <summary>The service's addresses, http or https; <c>/v1/windows</c> is put after the path of each. Where one does not answer, the next attempt is at the next.</summary>
    [Required]
    public required ServiceAddresses Server { get; init; }

    /// <summary>The bearer token that the service knows this sensor by.</summary>
    [Required]
    public required string Token { get; init; }

    /// <summary>Reports in one request. Default 500.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; init; } = 500;

    /// <summary>How often a request is sent again when the service is away or busy. Default 8, about a minute in all.</summary>
    [Range(1, 100)]
    public int Retries { get; init; } = 8;

    /// <summary>The wait before the first repetition; it doubles from one to the next. Default 0.5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest wait between repetitions, also when the service asks for a longer one. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one request may take. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether to leave a service alone for a while when it has failed some times in a row. Default false.</summary>
    public bool BreaksCircuit { get; init; }

    /// <summary>Where the spread of the waits starts from, so that sensors do not all come back at once. Default 0.</summary>
    public int Seed { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Server.All.FirstOrDefault(server => server is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) is { } wrong)
        {
            yield return new ValidationResult(
                $"The server '{wrong}' is no http or https address, such as https://placement.example:8443", [nameof(Server)]);
        }
    }
}
