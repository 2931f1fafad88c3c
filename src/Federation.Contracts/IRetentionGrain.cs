namespace Federation.Contracts;

/// <summary>How long one application's traffic is kept; goes on after the application is deleted, until its traffic is gone.</summary>
[Alias("Federation.IRetentionGrain")]
public interface IRetentionGrain : IGrainWithStringKey
{
    /// <summary>Sets how long; null: for ever.</summary>
    [Alias("Keep")]
    Task Keep(TimeSpan? retention);

    /// <summary>Deletes what is older, as a reminder does now and then; the number of windows.</summary>
    [Alias("Sweep")]
    Task<int> Sweep();
}
