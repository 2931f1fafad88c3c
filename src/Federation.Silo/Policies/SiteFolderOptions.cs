using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Policies;

/// <summary>The folder of site files that a silo keeps in force, in the configuration section <c>Federation:Sites</c>.</summary>
public sealed class SiteFolderOptions
{
    /// <summary>The folder; default empty: none, sites come by the API alone.</summary>
    public string Folder { get; set; } = "";

    /// <summary>How often the folder is looked at, seconds. Default 2.</summary>
    [Range(0.1, 3600)]
    public double LookSeconds { get; set; } = 2;

    /// <summary>How often a price feed is fetched, seconds. Default 300.</summary>
    [Range(0.1, 86_400)]
    public double FeedSeconds { get; set; } = 300;

    /// <summary>How old the last good fetch of a feed may be before its prices are unknown, seconds. Default 3,600.</summary>
    [Range(1, 604_800)]
    public double FeedStaleSeconds { get; set; } = 3600;
}

/// <summary>Checks the options by their attributes.</summary>
[OptionsValidator]
public sealed partial class SiteFolderOptionsValidator : IValidateOptions<SiteFolderOptions>;
