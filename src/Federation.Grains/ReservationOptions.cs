using System.ComponentModel.DataAnnotations;

namespace Federation.Grains;

/// <summary>How long sites keep places that nobody has confirmed, and approvals that nobody has used.</summary>
public sealed class ReservationOptions
{
    /// <summary>
    /// How long a place is kept after it was reserved or prolonged. Default 5 minutes; from 30 seconds to a day. Whoever is at work on a
    /// migration prolongs its place three times in this while; one that was forgotten blocks the site for no longer than this and a minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a plan's request for an approval waits for a site's administrator, and how long the approval is good for once it was given.
    /// Default 1 day; from a minute to 30 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan ApprovalLifetime { get; set; } = TimeSpan.FromDays(1);
}
