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

    /// <summary>
    /// How long a migration waits for a site that is busy with others, before it is given up. Default 15 minutes; from a minute to a day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan MigrationPatience { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a plan that was started waits for approvals, before it has failed. Default 7 days; from a minute to 90 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan PlanPatience { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long a migration whose copying does not get on, or one of whose hosts is silent, is waited for, before it is taken back where that is
    /// safe. Default 30 s; from 5 s to an hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan TransferPatience { get; set; } = TimeSpan.FromSeconds(30);
}
