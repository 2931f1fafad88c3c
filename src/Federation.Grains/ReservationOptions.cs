using System.ComponentModel.DataAnnotations;

namespace Federation.Grains;

/// <summary>How long sites keep places that nobody has confirmed.</summary>
public sealed class ReservationOptions
{
    /// <summary>
    /// How long a place is kept after it was reserved or prolonged. Default 5 minutes; from 30 seconds to a day. Whoever is at work on a
    /// migration prolongs its place three times in this while; one that was forgotten blocks the site for no longer than this and a minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(5);
}
